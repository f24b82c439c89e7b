package syntax

// Walk calls visit for a node and, where that returns true, for its children
// in order. It recurses as deep as the tree, which Parse bounds.
func Walk(n *Node, visit func(*Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	for _, s := range n.Sub {
		Walk(s, visit)
	}
}
