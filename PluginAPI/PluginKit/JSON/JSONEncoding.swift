extension JSON {
    /// The JSON value that stands for `value`. Keys are written as they are.
    public init(encoding value: some Encodable) throws {
        if let value = value as? JSON {
            self = value
        } else {
            let place = JSONPlace()
            try value.encode(to: JSONEncoding(place: place, codingPath: []))
            self = place.result
        }
    }
}

/// Where an encoder puts its value: alone, or with elements or members that others still write to.
final class JSONPlace {
    var value: JSON = .null
    var elements: [JSONPlace]?
    var members: [String: JSONPlace]?

    var result: JSON {
        if let elements { return .array(elements.map(\.result)) }
        if let members { return .object(members.mapValues(\.result)) }
        return value
    }

    func member(_ name: String) -> JSONPlace {
        let place = JSONPlace()
        members = members ?? [:]
        members?[name] = place
        return place
    }

    func element() -> JSONPlace {
        let place = JSONPlace()
        elements = elements ?? []
        elements?.append(place)
        return place
    }
}

/// Writes one value.
struct JSONEncoding: Encoder, SingleValueEncodingContainer {
    let place: JSONPlace
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        place.members = place.members ?? [:]
        return KeyedEncodingContainer(JSONKeyedEncoding(place: place, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        place.elements = place.elements ?? []
        return JSONUnkeyedEncoding(place: place, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    func encodeNil() { place.value = .null }
    func encode(_ value: Bool) { place.value = .boolean(value) }
    func encode(_ value: String) { place.value = .text(value) }
    func encode(_ value: Double) { place.value = .number(value) }
    func encode(_ value: Float) { place.value = .number(Double(value)) }
    func encode(_ value: Int) { place.value = .integer(Int64(value)) }
    func encode(_ value: Int8) { place.value = .integer(Int64(value)) }
    func encode(_ value: Int16) { place.value = .integer(Int64(value)) }
    func encode(_ value: Int32) { place.value = .integer(Int64(value)) }
    func encode(_ value: Int64) { place.value = .integer(value) }
    func encode(_ value: UInt) { encode(UInt64(value)) }
    func encode(_ value: UInt8) { place.value = .integer(Int64(value)) }
    func encode(_ value: UInt16) { place.value = .integer(Int64(value)) }
    func encode(_ value: UInt32) { place.value = .integer(Int64(value)) }
    func encode(_ value: UInt64) { place.value = Int64(exactly: value).map(JSON.integer) ?? .number(Double(value)) }
    func encode<T: Encodable>(_ value: T) throws { try value.encode(to: self) }
}

/// Writes the members of an object.
struct JSONKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let place: JSONPlace
    let codingPath: [any CodingKey]

    func encodeNil(forKey key: Key) { member(key).encodeNil() }
    func encode(_ value: Bool, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: String, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Double, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Float, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Int, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Int8, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Int16, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Int32, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Int64, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: UInt, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: UInt8, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: UInt16, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: UInt32, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: UInt64, forKey key: Key) { member(key).encode(value) }
    func encode<T: Encodable>(_ value: T, forKey key: Key) throws { try member(key).encode(value) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        member(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { member(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { JSONEncoding(place: place.member("super"), codingPath: codingPath) }
    func superEncoder(forKey key: Key) -> any Encoder { member(key) }

    private func member(_ key: Key) -> JSONEncoding {
        JSONEncoding(place: place.member(key.stringValue), codingPath: codingPath + [key])
    }
}

/// Writes the elements of an array.
struct JSONUnkeyedEncoding: UnkeyedEncodingContainer {
    let place: JSONPlace
    let codingPath: [any CodingKey]
    var count: Int { place.elements?.count ?? 0 }

    func encodeNil() { next().encodeNil() }
    func encode(_ value: Bool) { next().encode(value) }
    func encode(_ value: String) { next().encode(value) }
    func encode(_ value: Double) { next().encode(value) }
    func encode(_ value: Float) { next().encode(value) }
    func encode(_ value: Int) { next().encode(value) }
    func encode(_ value: Int8) { next().encode(value) }
    func encode(_ value: Int16) { next().encode(value) }
    func encode(_ value: Int32) { next().encode(value) }
    func encode(_ value: Int64) { next().encode(value) }
    func encode(_ value: UInt) { next().encode(value) }
    func encode(_ value: UInt8) { next().encode(value) }
    func encode(_ value: UInt16) { next().encode(value) }
    func encode(_ value: UInt32) { next().encode(value) }
    func encode(_ value: UInt64) { next().encode(value) }
    func encode<T: Encodable>(_ value: T) throws { try next().encode(value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        next().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { next().unkeyedContainer() }
    func superEncoder() -> any Encoder { next() }

    private func next() -> JSONEncoding {
        let path = codingPath + [JSONKey(intValue: count)]
        return JSONEncoding(place: place.element(), codingPath: path)
    }
}
