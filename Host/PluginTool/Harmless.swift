/// The text without what could command a terminal: a plugin chooses much of what is shown.
func harmless(_ text: String) -> String {
    String(
        String.UnicodeScalarView(
            text.unicodeScalars.map { scalar in
                let isControl = scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
                return isControl && scalar != "\n" ? " " : scalar
            }
        )
    )
}
