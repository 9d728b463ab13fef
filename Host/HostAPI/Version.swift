/// The version of Hearth: of `hostd`, `hostctl` and what belongs to them.
package let hearthVersion = "0.1.0"
