import CLinux
import Glibc
import HostAPI
import Manifests

extension StagingTree {
    /// Many archives hold one directory that holds the package: its content becomes that of the tree.
    func unwrap() throws(PackageRefusal) {
        let names = try onDisk { () throws(Failure) in try DirectoryListing.names(root) }
        guard let only = names.first else { throw .whole("is empty") }
        do throws(Failure) {
            let name = String(decoding: only, as: UTF8.self)
            let descriptor = root.descriptor
            var status = stat()
            try systemCall("examine", "\(root.path)/\(name)") {
                fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW)
            }
            guard names.count == 1, status.st_mode & S_IFMT == S_IFDIR else { return }
            // The package may hold something of the directory's own name. It holds no name with a dot in front.
            let aside = ".wrapper"
            try systemCall("rename", "\(root.path)/\(name)") { renameat(descriptor, name, descriptor, aside) }
            let wrapper = try root.open(aside, O_RDONLY | O_DIRECTORY)
            let inner = wrapper.descriptor
            for inside in try DirectoryListing.names(wrapper) {
                let inside = String(decoding: inside, as: UTF8.self)
                try systemCall("rename", "\(wrapper.path)/\(inside)") { renameat(inner, inside, descriptor, inside) }
            }
            try systemCall("remove", wrapper.path) { unlinkat(descriptor, aside, AT_REMOVEDIR) }
        } catch {
            throw .failed(error)
        }
    }
}
