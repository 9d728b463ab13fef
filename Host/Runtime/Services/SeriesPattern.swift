package import HostAPI

/// Which series a plugin may read, or wants to: `plugin/device/entity`, each part a name or `*`. Pure.
package struct SeriesPattern: Sendable, Equatable {
    private let parts: [Substring]

    /// Nil if the text has not three parts that are not empty.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.parts = parts
    }

    /// Whether the pattern means this series. A device is meant by its id or its handle.
    package func matches(_ series: SeriesName, deviceHandle: String?) -> Bool {
        Self.part(parts[0], means: series.plugin)
            && (Self.part(parts[1], means: series.device) || deviceHandle.map { parts[1] == $0 } ?? false)
            && Self.part(parts[2], means: series.entity)
    }

    private static func part(_ part: Substring, means name: String) -> Bool {
        part == "*" || part == name
    }
}

/// Which devices a plugin may command: `plugin/device`, each part a name or `*`. Pure.
package struct DevicePattern: Sendable, Equatable {
    private let parts: [Substring]

    /// Nil if the text has not two parts that are not empty.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.parts = parts
    }

    /// Whether the pattern means the device, by its id or its handle.
    package func matches(plugin: String, device: String, handle: String) -> Bool {
        (parts[0] == "*" || parts[0] == plugin) && (parts[1] == "*" || parts[1] == device || parts[1] == handle)
    }
}
