import Foundation
import Testing

/// The rules that the header sets for itself.
@Suite struct HeaderRulesTests {
    private let header: Header

    init() throws { header = try Header.read() }

    @Test func includesNothingButTheSmallestStandardHeaders() {
        let includes = header.text.matches(of: /#\s*include\s*[<"]([^>"]+)/).map { String($0.1) }
        #expect(includes.sorted() == ["stdbool.h", "stddef.h", "stdint.h"])
    }

    @Test func theTestsSeeEveryStruct() {
        #expect(header.structs.count == header.text.matches(of: /typedef struct hearth_\w+ \{/).count)
        #expect(header.structs.contains { $0.name == "hearth_exec" && $0.members.count == 4 })
    }

    @Test func everyStructBeginsWithItsSize() {
        // hearth_string is passed by value and frozen for ever.
        for item in header.structs where item.name != "hearth_string" {
            #expect(item.members.first?.declaration == "uint32_t struct_size", "\(item.name)")
        }
    }

    @Test func everyFunctionSaysWhichThreadsMayCallIt() {
        for item in header.structs {
            for member in item.members where member.isFunction {
                let tags = member.comment.matches(of: /\[(instance|any|entry)\b[^\]]*\]/)
                #expect(!tags.isEmpty, "\(item.name).\(member.name) has no [instance], [any] or [entry] in front of it")
            }
        }
    }

    @Test func usesOnlyTypesThatAreTheSameEverywhere() {
        let code = header.text.replacing(/\/\*[\s\S]*?\*\//, with: "")
        for word in ["long", "short", "unsigned", "bool", "wchar_t", "time_t", "off_t"] {
            let uses = code.matches(of: /\b\w+\b/).filter { $0.0 == word }
            #expect(uses.isEmpty, "\(word) differs between compilers or systems, or says too little")
        }
        for item in header.structs {
            for member in item.members where !member.isFunction {
                #expect(!member.declaration.hasPrefix("int "), "\(item.name).\(member.name) is a plain int")
                #expect(!member.declaration.hasPrefix("enum "), "\(item.name).\(member.name) is an enum")
                #expect(!member.declaration.contains(":"), "\(item.name).\(member.name) is a bit field")
            }
        }
    }

    @Test func everyExtensionHasARevision() {
        let ids = header.text.matches(of: /#define HEARTH_EXTENSION_\w+ "([^"]+)"/).map { String($0.1) }
        #expect(ids.count == 10)
        for id in ids { #expect(id.wholeMatch(of: /hearth\.[a-z]+\/[0-9]+/) != nil, "\(id)") }
    }

    @Test func canBeReadInOneSitting() {
        #expect(header.text.split(separator: "\n", omittingEmptySubsequences: false).count <= 500)
    }
}
