//! The public API of the client, as the generator writes it.

pub(crate) const SOURCE: &str = r#"
impl Client {
    /// Sends `GET /shelves/{shelf}/books/{id}`.
    ///
    /// - `shelf` (path parameter `shelf`)
    /// - `id` (path parameter `id`)
    pub fn get_book(&self, shelf: impl Text, id: impl Text) -> builder::GetBook {}
    /// Sends `PUT /shelves/{shelf}/books/{id}`.
    ///
    /// - `shelf` (path parameter `shelf`)
    /// - `id` (path parameter `id`)
    /// - `body` (request body)
    pub fn put_book(&self, shelf: impl Text, id: impl Text, body: &Book) -> builder::PutBook {}
    /// Sends `GET /books`.
    pub fn list_books(&self) -> builder::ListBooks {}
    /// Sends `POST /notes`.
    pub fn add_note(&self) -> builder::AddNote {}
    /// Sends `GET /news`.
    pub fn watch_books(&self) -> builder::WatchBooks {}
    /// Sends `GET /covers/{id}`.
    ///
    /// - `id` (path parameter `id`)
    pub fn get_cover(&self, id: impl Text) -> builder::GetCover {}
}

pub mod builder {
    impl GetBook {
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
    impl PutBook {
    }
    impl ListBooks {
        /// The query parameter `page`.
        pub fn page(self) -> Self {}
        /// The query parameter `per_page`.
        pub fn per_page(self) -> Self {}
        pub fn stream(self) -> PaginationStream<Book> {}
        pub fn pages(self) -> PageStream<Vec<Book>> {}
    }
    impl WatchBooks {
        pub fn events(self) -> EventStream<Book> {}
    }
    impl GetCover {
        pub fn download(self) -> Download {}
        pub fn download_range(self) -> Download {}
    }
    impl AddNote {
        /// The body.
        pub fn body(self) -> Self {}
    }
}
"#;
