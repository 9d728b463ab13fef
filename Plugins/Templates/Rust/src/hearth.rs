//! `plugin_api.h`, version 1.0, as Rust sees it. Only what a plugin like this one needs; the header says what
//! everything means. Structs are appended to, never changed: what is written down here stays true.

use std::ffi::c_void;
use std::marker::PhantomData;

pub type Status = i32;
pub const OK: Status = 0;
pub const INVALID_SETTINGS: Status = -4;
pub const UNSUPPORTED: Status = -5;

pub const READING_NUMBER: i32 = 0;
pub const DEVICE_ONLINE: i32 = 0;
pub const LOG_INFO: i32 = 1;

/// Borrowed UTF-8. The lifetime is the borrow: a `Text` from a call cannot outlive the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Text<'a> {
    data: *const u8,
    size: usize,
    borrow: PhantomData<&'a str>,
}

// It is a `&str` in another shape.
unsafe impl Sync for Text<'_> {}

impl<'a> Text<'a> {
    pub const fn new(text: &'a str) -> Self {
        Text { data: text.as_ptr(), size: text.len(), borrow: PhantomData }
    }

    pub fn as_str(&self) -> &'a str {
        if self.data.is_null() {
            return "";
        }
        // The host promises valid UTF-8; trust, but verify.
        std::str::from_utf8(unsafe { std::slice::from_raw_parts(self.data, self.size) }).unwrap_or("")
    }
}

#[repr(C)]
pub struct Call {
    pub struct_size: u32,
    pub reserved: u32,
    pub operation: u64,
    pub context: *mut c_void,
    pub result: extern "C" fn(&Call, Text),
    pub message: extern "C" fn(&Call, Text),
}

#[repr(C)]
pub struct Settings<'a> {
    pub struct_size: u32,
    pub scope: i32,
    pub revision: u64,
    pub document: Text<'a>,
    pub changes: Text<'a>,
}

#[repr(C)]
pub struct Command<'a> {
    pub struct_size: u32,
    pub timeout_ms: u32,
    pub device: Text<'a>,
    pub name: Text<'a>,
    pub arguments: Text<'a>,
}

type Instance = *mut c_void;

#[repr(C)]
pub struct Plugin {
    pub struct_size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub min_host_minor: u32,
    pub id: Text<'static>,
    pub version: Text<'static>,
    pub create: extern "C" fn(&'static Host, &Call, &mut Instance) -> Status,
    pub destroy: extern "C" fn(Instance),
    pub start: extern "C" fn(Instance, &Call, &Settings) -> Status,
    pub stop: extern "C" fn(Instance, &Call) -> Status,
    pub apply_settings: Option<extern "C" fn(Instance, &Call, &Settings) -> Status>,
    pub command: Option<extern "C" fn(Instance, &Call, &Command) -> Status>,
    pub health: Option<extern "C" fn(Instance, &Call) -> Status>,
    pub extension: Option<extern "C" fn(Text) -> *const c_void>,
}

/// `'static` is what the header promises for practical purposes: it lives until `destroy` returns.
#[repr(C)]
pub struct Host {
    pub struct_size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub reserved: u32,
    context: *mut c_void,
    pub data_directory: Text<'static>,
    pub package_directory: Text<'static>,
    pub complete: extern "C" fn(&Host, u64, Status, Text, Text),
    extension: extern "C" fn(&Host, Text) -> *const c_void,
}

/// A table of the host that is found by its id.
pub trait Extension: 'static {
    const ID: &'static str;
}

impl Host {
    pub fn extension<T: Extension>(&'static self) -> Option<&'static T> {
        unsafe { (self.extension)(self, Text::new(T::ID)).cast::<T>().as_ref() }
    }
}

macro_rules! extension {
    ($name:ident, $id:literal, { $($field:ident: $type:ty,)* }) => {
        #[repr(C)]
        pub struct $name {
            pub struct_size: u32,
            pub reserved: u32,
            $(pub $field: $type,)*
        }
        impl Extension for $name {
            const ID: &'static str = $id;
        }
    };
}

pub type Receive = extern "C" fn(*mut c_void, Text);
pub type Fire = extern "C" fn(*mut c_void);

extension!(Log, "hearth.log/1", {
    level: extern "C" fn(&Host) -> i32,
    write: extern "C" fn(&Host, i32, Text, Text),
});

#[repr(C)]
pub struct Reading<'a> {
    pub struct_size: u32,
    pub kind: i32,
    pub flags: u32,
    pub reserved: u32,
    pub device: Text<'a>,
    pub entity: Text<'a>,
    pub unit: Text<'a>,
    pub text: Text<'a>,
    pub value: f64,
    pub time_ms: i64,
}

extension!(Readings, "hearth.readings/1", {
    publish: extern "C" fn(&Host, *const Reading, usize) -> Status,
});

extension!(Devices, "hearth.devices/1", {
    put: extern "C" fn(&Host, Text) -> Status,
    remove: extern "C" fn(&Host, Text) -> Status,
    set_availability: extern "C" fn(&Host, Text, i32, Text) -> Status,
});

extension!(State, "hearth.state/1", {
    get: extern "C" fn(&Host, Text, Receive, *mut c_void) -> Status,
    set: extern "C" fn(&Host, Text, Text) -> Status,
});

extension!(SettingsReader, "hearth.settings/1", {
    get_text: extern "C" fn(&Host, Text, Receive, *mut c_void) -> Status,
    get_integer: extern "C" fn(&Host, Text, &mut i64) -> Status,
    get_number: extern "C" fn(&Host, Text, &mut f64) -> Status,
});

extension!(Clock, "hearth.clock/1", {
    now_ms: extern "C" fn(&Host) -> i64,
    monotonic_ms: extern "C" fn(&Host) -> i64,
    start_timer: extern "C" fn(&Host, u32, u32, Fire, *mut c_void) -> u64,
    stop_timer: extern "C" fn(&Host, u64),
});

/// Takes a text that the host hands to a function, as `get` of the state and `get_text` of the settings do.
pub fn receive(call: impl FnOnce(Receive, *mut c_void) -> Status) -> Option<String> {
    extern "C" fn keep(context: *mut c_void, text: Text) {
        unsafe { *context.cast::<Option<String>>() = Some(text.as_str().to_owned()) }
    }
    let mut kept: Option<String> = None;
    let status = call(keep, std::ptr::addr_of_mut!(kept).cast());
    kept.filter(|_| status == OK)
}
