"""Source text → Graph: lines, statements, blocks and loops, expressions, nodes."""
