import HostAPI
import Manifests
import Testing

/// Whatever a file contains, reading it ends in a manifest or in an error with a place.
@Suite struct ManifestMutationTests {
    /// SplitMix64, so that a seed gives the same run everywhere.
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let pieces = [
        "*", "&a ", "!!int ", "[", "]", "{", "}", ": ", "- ", "\n", "\t", "\r\n", "\"", "'", "|", ">", "#", "---\n",
        "null", "-1", "1e9", "99999999999999999999", ".nan", "yes", "\u{0}", "\u{FEFF}", "ü", "(a+)+$", "[a-", "{id}",
        "%YAML 1.2\n", "<<: ", "? ", "type: object", "default: {}", "enum: []", "pattern: ((a{9}){9}){9}",
    ]

    private func mutate(_ bytes: inout [UInt8], _ random: inout Random) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 0...20, using: &random))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes.replaceSubrange(place..<end, with: [])
        case 1: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 3: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        default: bytes.insert(contentsOf: Array((Self.pieces.randomElement(using: &random) ?? "").utf8), at: place)
        }
    }

    @Test func neverCrashesAndAlwaysSaysWhere() {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed of the mutated manifests: \(seed)")
        var random = Random(state: seed)
        var read = 0
        var refused = 0
        for _ in 0..<4_000 {
            var bytes = Array(completeExample.utf8)
            for _ in 0..<Int.random(in: 1...12, using: &random) { mutate(&bytes, &random) }
            do {
                let manifest = try Manifest(parsing: bytes, file: "plugin.yaml")
                // What was read can be used.
                let document = manifest.settings.fillingDefaults(.object([:]))
                _ = manifest.settings.validate(document)
                #expect(manifest.settings.diff(old: document, new: document).isEmpty, "seed \(seed)")
                read += 1
            } catch {
                let isPlaced = error.problems.allSatisfy { $0.line > 0 && $0.column > 0 && !$0.message.isEmpty }
                #expect(!error.problems.isEmpty && isPlaced, "seed \(seed)")
                refused += 1
            }
        }
        #expect(read > 0 && refused > 0)
    }
}

private let completeExample = minimal(
    """
    isolation: worker
    settings:
      type: object
      required: [host]
      properties:
        host: {type: string, format: hostname, x-restart: client, examples: [plug.local]}
        interval: {type: integer, minimum: 1, maximum: 3600, default: 10, x-unit: s, x-restart: hot}
        password: {type: string, x-secret: true, minLength: 1}
        mode: {type: string, enum: [auto, manual], default: auto}
        devices:
          type: array
          uniqueItems: true
          items: {type: object, properties: {id: {type: string, pattern: "^[0-9A-F]{12}$"}, name: {type: string}}}
          default: [{id: 0123456789AB}]
        overrides: {type: object, additionalProperties: {type: number, exclusiveMinimum: 0}}
    commands:
      - name: say
        title: Say
        arguments: {type: object, properties: {text: {type: string}}}
    permissions:
      network: {tcp: [9999], udp: any}
      exec:
        resolve:
          path: /usr/bin/yt-dlp
          arguments: ["-J", "--format={format}", "--", "{id}"]
          placeholders: {id: "[A-Za-z0-9_-]{11}", format: "[a-z]+"}
    """
)
