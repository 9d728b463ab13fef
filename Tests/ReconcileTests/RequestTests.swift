import HostAPI
import Reconcile
import Testing

@Suite struct RequestTests {
    @Test(arguments: [
        #"{"force": true}"#, #"{"force": 1}"#, #"{"force": "true"}"#, #"{"force": "TRUE"}"#, #"{"force": "On"}"#,
        #"{"force": "yes"}"#, #"{"force": "1"}"#,
    ])
    func theseForce(body: String) throws {
        #expect(ReconcileRequest(body: try JSONValue(parsing: body)).isForced)
    }

    @Test(arguments: [
        "{}", "null", "[]", "[true]", "\"true\"", "true", "1", #"{"force": false}"#, #"{"force": 0}"#,
        #"{"force": 2}"#, #"{"force": "off"}"#, #"{"force": "no"}"#, #"{"force": " true "}"#, #"{"force": null}"#,
        #"{"force": [true]}"#, #"{"force": {"force": true}}"#, #"{"Force": true}"#,
    ])
    func allElseDoesNot(body: String) throws {
        #expect(ReconcileRequest(body: try JSONValue(parsing: body)) == ReconcileRequest())
    }

    @Test func anAbsentBodyAsksForAnOrdinaryPass() {
        #expect(ReconcileRequest(body: nil) == ReconcileRequest())
    }

    @Test func pluginsAndDryRunAreRead() throws {
        let body = #"{"dry_run": "yes", "plugins": ["kasa", 7]}"#
        #expect(
            ReconcileRequest(body: try JSONValue(parsing: body))
                == ReconcileRequest(plugins: ["kasa", "7"], isDryRun: true)
        )
        #expect(ReconcileRequest(body: try JSONValue(parsing: #"{"dryRun": 1}"#)).isDryRun)
        #expect(ReconcileRequest(body: try JSONValue(parsing: #"{"plugins": "hue"}"#)).plugins == ["hue"])
        #expect(ReconcileRequest(body: try JSONValue(parsing: #"{"plugins": 5}"#)).plugins == ["5"])
    }
}
