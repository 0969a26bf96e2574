"""Results to bytes: events, whole answers, framings, tags and schemas."""
