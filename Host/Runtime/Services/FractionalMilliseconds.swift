extension Duration {
    /// For people, who count in milliseconds and look at the parts of one.
    var fractionalMilliseconds: Double {
        Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15
    }
}
