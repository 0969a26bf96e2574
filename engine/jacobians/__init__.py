"""Local Jacobians as structures, and their algebra."""
