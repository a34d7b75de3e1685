use super::*;
use serde_json::json;

fn builder() -> RequestBuilder {
    let base_url = BaseUrl::parse("http://host/base").unwrap();
    RequestBuilder::new(Method::POST, Ok(Arc::new(base_url)))
}

fn body(builder: RequestBuilder) -> String {
    let request = builder.build().unwrap();
    String::from_utf8_lossy(request.body().and_then(reqwest::Body::as_bytes).unwrap()).into_owned()
}

#[test]
fn combines_all_parts() {
    let mut builder = builder();
    builder.literal("/a//b%20c/");
    builder.path("id", Style::Simple, false, "x/y").unwrap();
    builder.literal(".json/");
    builder.query("Action", Style::Form, true, "Go").unwrap();
    builder.query("ids", Style::Form, false, &[1, 2]).unwrap();
    builder
        .query("gone", Style::Form, true, &None::<&str>)
        .unwrap();
    builder.header("X-A", Style::Simple, false, "ü").unwrap();
    builder.cookie("s", Style::Form, "1").unwrap();
    builder.cookie("t", Style::Form, "2").unwrap();
    builder.accept("text/plain").unwrap();
    let request = builder.build().unwrap();
    assert_eq!(
        request.url().as_str(),
        "http://host/base/a//b%20c/x%2Fy.json/?Action=Go&ids=1,2"
    );
    let header =
        |name: &str| String::from_utf8_lossy(request.headers()[name].as_bytes()).into_owned();
    assert_eq!(
        (header("x-a"), header("cookie"), header("accept")),
        ("ü".into(), "s=1; t=2".into(), "text/plain".into())
    );
    assert!(request.body().is_none() && !request.headers().contains_key("content-type"));
}

#[test]
fn messages_begin_with_the_operation() {
    let begun = || builder().for_operation(&OperationInfo::new("do_it", "/things/{id}"));
    let nan = [f64::NAN];
    let mut line_break = begun();
    let header = line_break.header("X-A", Style::Simple, false, "\r\n");
    let mut dots = begun();
    dots.literal("/..");
    for error in [
        begun().invalid("id was not initialized".to_owned()),
        begun().path("id", Style::Simple, false, "..").unwrap_err(),
        begun()
            .parameter(&Parameter::path("id").with_slashes(), "a//b")
            .unwrap_err(),
        begun().query("q", Style::Form, true, &nan).unwrap_err(),
        header.unwrap_err(),
        begun().cookie("c", Style::Form, &nan).unwrap_err(),
        begun().json("application/json", &nan).unwrap_err(),
        begun().form("", &[], &nan).unwrap_err(),
        begun().bytes("\n", &Bytes::new()).unwrap_err(),
        dots.build().unwrap_err(),
        RequestBuilder::new(Method::POST, Err("no server".to_owned()))
            .for_operation(&OperationInfo::new("do_it", "/things/{id}"))
            .build()
            .unwrap_err(),
    ] {
        let text = error.to_string();
        assert!(text.starts_with("do_it (POST /things/{id}): "), "{text}");
    }
}

#[test]
fn rejects_dot_segments() {
    for text in ["/a/../b", "/a/%2e%2E/b", "/.", "/a/./b"] {
        let mut builder = builder();
        builder.literal(text);
        let error = builder.build().unwrap_err().to_string();
        assert!(
            error.contains("would be sent with another path"),
            "{text}: {error}"
        );
    }
}

#[test]
fn arguments_override_documented_headers() {
    let mut builder = builder();
    builder
        .header("Accept", Style::Simple, false, "image/png")
        .unwrap();
    builder.accept("text/plain").unwrap();
    builder
        .header("Content-Type", Style::Simple, false, "image/gif")
        .unwrap();
    builder.bytes("image/*", &Bytes::from_static(b"x")).unwrap();
    let request = builder.build().unwrap();
    assert_eq!(
        (
            &request.headers()["accept"],
            &request.headers()["content-type"]
        ),
        (&"image/png".parse().unwrap(), &"image/gif".parse().unwrap())
    );
}

#[test]
fn encodes_forms() {
    let mut form = builder();
    let fields = [("csv", Style::Form, false)];
    let given = json!({"a": "x y&", "csv": [1, 2], "gone": null, "list": ["p", {"q": 1}], "object": {"r": [true]}});
    form.form("application/x-www-form-urlencoded", &fields, &given)
        .unwrap();
    assert_eq!(
        body(form),
        "a=x%20y%26&csv=1,2&list=p&list=%7B%22q%22%3A1%7D&object=%7B%22r%22%3A%5Btrue%5D%7D"
    );
    assert!(
        builder()
            .form("application/x-www-form-urlencoded", &[], &json!([1]))
            .is_err()
    );
}

#[test]
fn rejects_bodies_with_numbers_that_are_not_finite() {
    let body = std::collections::BTreeMap::from([("ok", vec![1.5]), ("price", vec![f64::NAN])]);
    let message = "cannot serialize the body: `/price/0`: NaN is not a finite number";
    let mut request = builder();
    for result in [
        request.json("application/json", &body),
        request.form("application/x-www-form-urlencoded", &[], &body),
    ] {
        assert_eq!(result.unwrap_err().to_string(), message);
    }
}
