"""What the server does beside running pages: files over HTTP, tickets, exports, memory."""
