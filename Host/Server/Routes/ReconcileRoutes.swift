import HostAPI
import Reconcile

extension Routes {
    /// Bringing what is to what shall be.
    func addReconcileRoutes(_ host: some Host) {
        on(.post, "reconcile") { call throws(Failure) in
            try await host.reconcile(ReconcileRequest(body: call.tolerantBody()))
        }
    }
}
