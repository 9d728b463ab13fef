internal import Glibc
internal import NIOCore

/// One TCP connection to a device: frames in, replies out, one at a time and in order.
final class DeviceConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let device: SimulatedDevice
    private var unread = ByteBuffer()
    private var isAnswering = false

    /// Pieces of a reply go out this far apart, so that the receiver sees each alone.
    private static let pause = TimeAmount.milliseconds(1)

    init(device: SimulatedDevice) {
        self.device = device
    }

    func channelActive(context: ChannelHandlerContext) {
        device.connectionOpened()
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        device.connectionClosed()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The client went away; there is nobody to tell.
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        unread.writeBuffer(&bytes)
        answerNext(context)
    }

    private func answerNext(_ context: ChannelHandlerContext) {
        guard !isAnswering, let length = unread.getInteger(at: unread.readerIndex, as: UInt32.self) else { return }
        guard length <= KasaFrame.longestRequest else {
            device.countMalformed()
            context.close(promise: nil)
            return
        }
        guard unread.readableBytes >= 4 + Int(length) else { return }
        unread.moveReaderIndex(forwardBy: 4)
        let cipher = unread.readBytes(length: Int(length)) ?? []
        unread.discardReadBytes()
        isAnswering = true
        let delivery = device.answer(KasaCipher.decrypt(cipher), isFramed: true)
        guard delivery.delayMilliseconds > 0 else {
            send(delivery, from: 0, context)
            return
        }
        after(.milliseconds(Int64(delivery.delayMilliseconds)), context) { $0.send(delivery, from: 0, $1) }
    }

    private func send(_ delivery: Delivery, from index: Int, _ context: ChannelHandlerContext) {
        guard index < delivery.segments.count else {
            finish(delivery.ending, context)
            return
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: delivery.segments[index])), promise: nil)
        guard index + 1 < delivery.segments.count else {
            finish(delivery.ending, context)
            return
        }
        after(Self.pause, context) { $0.send(delivery, from: index + 1, $1) }
    }

    private func finish(_ ending: Delivery.Ending, _ context: ChannelHandlerContext) {
        isAnswering = false
        switch ending {
        case .keepsOpen: answerNext(context)
        case .closes: context.close(promise: nil)
        case .resets: reset(context)
        }
    }

    /// Lingering for no time makes the kernel send a reset instead of an orderly end.
    private func reset(_ context: ChannelHandlerContext) {
        guard let options = context.channel as? any SocketOptionProvider else { return }
        options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }

    private func after(
        _ delay: TimeAmount,
        _ context: ChannelHandlerContext,
        _ action: @escaping (DeviceConnection, ChannelHandlerContext) -> Void
    ) {
        context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
            if context.channel.isActive { action(self, context) }
        }
    }
}
