"""Values forward, local Jacobians, then adjoints back or tangents forward."""
