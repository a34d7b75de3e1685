//! The public API of the client, as the generator writes it.

pub(crate) const SOURCE: &str = r#"
impl Client {
    /// Sends `GET /shelves/{shelf}/books/{id}`.
    pub fn get_book(&self) -> builder::GetBook<'_> {}
    /// Sends `PUT /shelves/{shelf}/books/{id}`.
    pub fn put_book(&self) -> builder::PutBook<'_> {}
    /// Sends `GET /books`.
    pub fn list_books(&self) -> builder::ListBooks<'_> {}
    /// Sends `POST /notes`.
    pub fn add_note(&self) -> builder::AddNote<'_> {}
    /// Sends `GET /covers/{id}`.
    pub fn get_cover(&self) -> builder::GetCover<'_> {}
}

pub mod builder {
    impl<'a> GetBook<'a> {
        /// The path parameter `shelf`.
        pub fn shelf(self) -> Self {}
        /// The path parameter `id`.
        pub fn id(self) -> Self {}
        /// The query parameter `limit`.
        pub fn limit(self) -> Self {}
        /// The query parameter `q`.
        pub fn q(self) -> Self {}
        /// The query parameter `tags`.
        pub fn tags(self) -> Self {}
        /// The query parameter `place`.
        pub fn place(self) -> Self {}
        /// The header parameter `X-Trace`.
        pub fn x_trace(self) -> Self {}
        /// The cookie parameter `session`.
        pub fn session(self) -> Self {}
    }
    impl<'a> PutBook<'a> {
        /// The path parameter `shelf`.
        pub fn shelf(self) -> Self {}
        /// The path parameter `id`.
        pub fn id(self) -> Self {}
        /// The body.
        pub fn body(self) -> Self {}
    }
    impl<'a> ListBooks<'a> {
        /// The query parameter `page`.
        pub fn page(self) -> Self {}
        /// The query parameter `per_page`.
        pub fn per_page(self) -> Self {}
        pub fn stream(self) -> PaginationStream<'a, Book> {}
    }
    impl<'a> AddNote<'a> {
        /// The body.
        pub fn body(self) -> Self {}
    }
    impl<'a> GetCover<'a> {
        /// The path parameter `id`.
        pub fn id(self) -> Self {}
    }
}
"#;
