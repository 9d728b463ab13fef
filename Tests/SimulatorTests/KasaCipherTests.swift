import HomeSimulator
import Testing

@Suite
struct KasaCipherTests {
    /// Frames that python-kasa made.
    private static let vectors = [
        (
            #"{"system":{"get_sysinfo":{}}}"#,
            "0000001dd0f281f88bff9af7d5ef94b6d1b4c09fec95e68fe187e8caf08bf68bf6"
        ),
        (
            #"{"system":{"set_relay_state":{"state":1}}}"#,
            "0000002ad0f281f88bff9af7d5ef94b6c5a0d48bf99cf091e8b7c4b0d1a5c0e2d8a381f286e793f6d4eedfa2dfa2"
        ),
    ]

    @Test(arguments: vectors)
    func framesAreThoseOfAnIndependentClient(text: String, frame: String) {
        #expect(KasaFrame.encode(Array(text.utf8)) == bytes(frame))
    }

    @Test(arguments: vectors)
    func decryptingGivesTheTextBack(text: String, frame: String) {
        #expect(KasaCipher.decrypt(bytes(frame).dropFirst(4)) == Array(text.utf8))
    }

    @Test
    func everyByteSurvivesThereAndBack() {
        let all = (0...255).map { UInt8($0) }
        #expect(KasaCipher.decrypt(KasaCipher.encrypt(all)) == all)
    }

    private func bytes(_ digits: String) -> [UInt8] {
        let digits = Array(digits)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }
}
