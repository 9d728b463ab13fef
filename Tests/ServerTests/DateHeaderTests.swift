import Server
import Testing

@Suite
struct DateHeaderTests {
    /// The example of RFC 9110, 5.6.7, and a leap day.
    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
    ])
    func isWrittenAsTheStandardSays(seconds: Int, text: String) {
        #expect(DateHeader.text(of: seconds) == text)
    }
}
