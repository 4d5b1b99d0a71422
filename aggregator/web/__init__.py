"""What is served over HTTP: feeds, the API, pages, embeds. It never fetches and never reads a format."""
