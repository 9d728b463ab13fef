internal import NIOCore

/// Answers requests over UDP: for one device at its own address, or at the address that stands for all.
final class DiscoveryResponder: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    /// Who answers, and through which socket: a device always answers from its own address.
    typealias Recipients = @Sendable () -> [(device: SimulatedDevice, socket: any Channel)]

    private let recipients: Recipients

    init(recipients: @escaping Recipients) {
        self.recipients = recipients
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        let sender = envelope.remoteAddress
        let plain = KasaCipher.decrypt(envelope.data.readableBytesView)
        for (index, recipient) in recipients().enumerated() {
            let delivery = recipient.device.answer(plain, isFramed: false)
            guard let bytes = delivery.segments.first else { continue }
            // A thousand devices that answer at one instant would overflow any client's buffer; real ones do not.
            let spread = TimeAmount.microseconds(Int64(index) * 250)
            let delay = spread + .milliseconds(Int64(delivery.delayMilliseconds))
            let socket = recipient.socket
            context.eventLoop.scheduleTask(in: delay) {
                socket.writeAndFlush(AddressedEnvelope(remoteAddress: sender, data: ByteBuffer(bytes: bytes)))
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reply that nobody takes any more (an ICMP error) is no reason to stop answering.
    }
}
