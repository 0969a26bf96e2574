"""Graph, node, rule and local Jacobian → TeX."""
