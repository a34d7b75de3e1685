//! Examples of calls.

use crate::bindings::OperationBinding;
use crate::code::{Samples, Signature};

/// The longest line of an example with one argument on it.
const WIDTH: usize = 90;

/// Returns the section with an example of a call. It compiles, and is not run.
pub(super) fn example(
    binding: &OperationBinding,
    signature: &Signature,
    samples: &Samples<'_>,
) -> String {
    let library = samples.library();
    let arguments = samples.arguments(signature).expression;
    let method = binding.call_path();
    let line = format!("let response = client.{method}({arguments}).send().await?;");
    let call = match line.len() <= WIDTH {
        true => line,
        false => {
            format!("let call = client.{method}({arguments});\nlet response = call.send().await?;")
        }
    };
    // One hidden line opens the function, one closes it.
    format!(
        "\n# Example\n\n```no_run\n\
         # async fn example(client: {library}::Client) -> Result<(), Box<dyn std::error::Error>> {{\n\
         {call}\n\
         # Ok(()) }}\n\
         ```\n"
    )
}
