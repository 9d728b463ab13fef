import Testing

@testable import Conformance

/// Which sockets a process has, by the tables of the kernel.
@Suite struct NetworkUseTests {
    private static let table = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 100 1 0 100
           1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 101 1 0 20
           2: 0100007F:C351 0100007F:01BB 01 00000000:00000000 00:00000000 00000000     0        0 102 1 0 20
           3: 0100007F:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 999 1 0 100
        """

    @Test func onlyItsOwnSocketsCount() {
        var use = NetworkUse()
        use.add(NetworkUse.rows(Self.table, of: ["socket:[100]", "socket:[101]", "socket:[102]"]), isTCP: true)
        #expect(use.listening == [8_080])
        // Whoever connected to its port is not somebody that it connected to.
        #expect(use.tcp == [443])
    }

    @Test func aDamagedTableIsEmpty() {
        #expect(NetworkUse.rows("", of: ["socket:[1]"]) == [])
        #expect(NetworkUse.rows("x\n 0: zz:zz zz:zz zz", of: ["socket:[1]"]) == [])
    }
}
