import Kasa
public import PluginAPI
import PluginKit

@c @implementation
public func hearth_plugin_entry() -> UnsafePointer<hearth_plugin>? { Export<KasaPlugin>.entry }
