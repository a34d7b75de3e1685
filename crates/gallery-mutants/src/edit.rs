//! Edits of the code of a client.

use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprMethodCall, Field, Fields, Ident, ImplItemFn, Item, ItemStruct, Stmt};

use crate::site::Change;
use crate::source::{Argument, Call, Declaration, Part};
use crate::syntax::{each_part, ident_of, in_function};

impl Call {
    /// Returns the parts of some kinds.
    pub(super) fn of(&self, kinds: &[&str]) -> Vec<&Part> {
        self.parts
            .iter()
            .filter(|part| kinds.contains(&part.kind.as_str()))
            .collect()
    }

    /// Returns the argument that an expression such as `&page` sends.
    pub(super) fn sent(&self, value: &Expr) -> Option<&Argument> {
        let value = match value {
            Expr::Reference(reference) => reference.expr.as_ref(),
            other => other,
        };
        let name = ident_of(value)?;
        self.arguments
            .iter()
            .find(|argument| argument.name == *name)
    }

    /// Changes one function.
    pub(super) fn change(
        &self,
        function: &str,
        location: impl Into<String>,
        what: impl Into<String>,
        edit: impl FnOnce(&mut ImplItemFn),
    ) -> Change {
        let mut item = self.implementation.item.clone();
        in_function(&mut item, function, edit);
        Change::new(location, what, vec![(&self.implementation, item)])
    }

    /// Changes the body of `send`.
    pub(super) fn sending(
        &self,
        location: impl Into<String>,
        what: impl Into<String>,
        edit: impl FnOnce(&mut Block),
    ) -> Change {
        self.change("send", location, what, |function| edit(&mut function.block))
    }

    /// Replaces one call of the runtime by other statements.
    pub(super) fn replacing(
        &self,
        part: &Part,
        what: impl Into<String>,
        edit: impl FnOnce(&Stmt) -> Vec<Stmt>,
    ) -> Change {
        let mut edit = Some(edit);
        self.sending(&part.name, what, |block| {
            let mut at = 0;
            each_part(block, &self.request, &mut |statement| {
                at += 1;
                if at == part.at + 1 {
                    edit.take().map(|edit| edit(statement))
                } else {
                    None
                }
            });
        })
    }

    /// Changes the arguments of one call of the runtime.
    pub(super) fn editing(
        &self,
        part: &Part,
        what: impl Into<String>,
        edit: impl FnOnce(&mut ExprMethodCall),
    ) -> Change {
        self.replacing(part, what, |statement| {
            let mut statement = statement.clone();
            let mut edit = Edit {
                request: &self.request,
                edit: Some(edit),
            };
            edit.visit_stmt_mut(&mut statement);
            vec![statement]
        })
    }

    /// Changes the value that a call of the runtime sends.
    pub(super) fn sending_instead(
        &self,
        part: &Part,
        what: impl Into<String>,
        value: Expr,
    ) -> Change {
        self.editing(part, what, |call| {
            if let Some(last) = call.args.last_mut() {
                *last = value;
            }
        })
    }
}

/// Edits the call of the runtime in a statement.
struct Edit<'a, F> {
    request: &'a Ident,
    edit: Option<F>,
}

impl<F: FnOnce(&mut ExprMethodCall)> VisitMut for Edit<'_, F> {
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        if ident_of(&call.receiver) == Some(self.request)
            && let Some(edit) = self.edit.take()
        {
            edit(call);
            return;
        }
        visit_mut::visit_expr_method_call_mut(self, call);
    }
}

impl Declaration {
    /// Returns the named fields of a structure.
    pub(super) fn fields(&self) -> Vec<&Field> {
        match &self.site.item {
            Item::Struct(ItemStruct {
                fields: Fields::Named(fields),
                ..
            }) => fields.named.iter().collect(),
            _ => Vec::new(),
        }
    }
}
