"""What protects the server and everyone's turn: headers, connections, rates."""
