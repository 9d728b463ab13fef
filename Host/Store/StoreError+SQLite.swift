internal import GRDB

extension StoreError {
    /// What an error of the database layer means for its file.
    init(_ error: any Error, file: String, task: String) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .failed(file: file, task: task, reason: "\(error)")
            return
        }
        let reason = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked(file: file)
        case .SQLITE_FULL: self = .diskFull(file: file)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: self = .denied(file: file)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(file: file, reason: reason)
        case .SQLITE_CANTOPEN: self = .unreadable(file: file, reason: reason)
        default: self = .failed(file: file, task: task, reason: reason)
        }
    }

    /// The file's content is at fault, rather than its surroundings.
    var isDamage: Bool {
        if case .damaged = self { true } else { false }
    }
}
