import Glibc

/// How many descriptors the host may have open: four for each plugin, one for each client.
enum DescriptorLimit {
    /// Raises the soft limit to the hard one; many systems set it to 1,024 for programs that still use select(2).
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
