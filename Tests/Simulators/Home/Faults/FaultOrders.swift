/// The faults that are ordered of one device, each for a number of requests or until it is cleared.
struct FaultOrders: Sendable {
    private struct Order: Sendable {
        let fault: Fault
        var remaining: Int?
    }

    private var orders: [Order] = []

    var faults: [Fault] { orders.map { $0.fault } }

    mutating func add(_ fault: Fault, times: Int?) {
        orders.append(Order(fault: fault, remaining: times))
    }

    mutating func remove(_ fault: Fault) {
        orders.removeAll { $0.fault == fault }
    }

    mutating func removeAll() {
        orders = []
    }

    /// The faults that the next request meets. Those ordered for a number of requests run out.
    mutating func takeForRequest() -> [Fault] {
        defer {
            for index in orders.indices { orders[index].remaining = orders[index].remaining.map { $0 - 1 } }
            orders.removeAll { $0.remaining.map { $0 <= 0 } ?? false }
        }
        return faults
    }
}
