//! A plugin to start from, in Rust: one device, which counts its greetings, and one reading every few seconds.
//!
//! Everything here runs on the host's one [instance] thread, so there is nothing to lock.

mod hearth;

use hearth::*;
use std::ffi::c_void;

const DEVICE: &str = "greeter";

struct Greeter {
    host: &'static Host,
    log: &'static Log,
    clock: &'static Clock,
    readings: &'static Readings,
    devices: &'static Devices,
    state: &'static State,
    settings: &'static SettingsReader,
    greeting: String,
    greetings: u64,
    started_ms: i64,
    timer: u64,
}

/// What went wrong, for the host and for the user.
struct Failure(Status, &'static str);

impl Greeter {
    fn new(host: &'static Host) -> Option<Self> {
        Some(Greeter {
            host,
            log: host.extension()?,
            clock: host.extension()?,
            readings: host.extension()?,
            devices: host.extension()?,
            state: host.extension()?,
            settings: host.extension()?,
            greeting: String::new(),
            greetings: 0,
            started_ms: 0,
            timer: 0,
        })
    }

    fn start(&mut self) -> Result<(), Failure> {
        self.started_ms = (self.clock.monotonic_ms)(self.host);
        let kept = receive(|keep, context| (self.state.get)(self.host, Text::new("greetings"), keep, context));
        self.greetings = kept.and_then(|text| text.parse().ok()).unwrap_or(0);
        let device = r#"{"id": "greeter", "name": "Greeter", "kind": "example",
            "entities": [{"id": "greetings", "kind": "number"}, {"id": "uptime", "kind": "number", "unit": "s"}],
            "commands": [{"name": "say-hello", "title": "Say hello"}]}"#;
        (self.devices.put)(self.host, Text::new(device));
        (self.devices.set_availability)(self.host, Text::new(DEVICE), DEVICE_ONLINE, Text::new(""));
        self.apply_settings()?;
        self.publish();
        Ok(())
    }

    fn stop(&mut self) {
        (self.clock.stop_timer)(self.host, self.timer);
    }

    /// Reads the settings in force through the host, which spares a JSON library.
    fn apply_settings(&mut self) -> Result<(), Failure> {
        let mut seconds = 0.0;
        if (self.settings.get_number)(self.host, Text::new("/interval_seconds"), &mut seconds) != OK {
            return Err(Failure(INVALID_SETTINGS, "interval_seconds is needed"));
        }
        self.greeting =
            receive(|keep, context| (self.settings.get_text)(self.host, Text::new("/greeting"), keep, context))
                .ok_or(Failure(INVALID_SETTINGS, "greeting is needed"))?;
        let interval = (seconds * 1000.0) as u32;
        self.stop();
        self.timer = (self.clock.start_timer)(self.host, interval, interval, fire, (self as *mut Self).cast());
        Ok(())
    }

    fn command(&mut self, name: &str) -> Result<String, Failure> {
        if name != "say-hello" {
            return Err(Failure(UNSUPPORTED, "there is no such command; try say-hello"));
        }
        self.greetings += 1;
        (self.state.set)(self.host, Text::new("greetings"), Text::new(&self.greetings.to_string()));
        (self.log.write)(self.host, LOG_INFO, Text::new(&format!("{}!", self.greeting)), Text::new(""));
        self.publish();
        Ok(format!(r#"{{"greetings":{}}}"#, self.greetings))
    }

    fn publish(&self) {
        let uptime = (self.clock.monotonic_ms)(self.host) - self.started_ms;
        let readings =
            [reading("greetings", "", self.greetings as f64), reading("uptime", "s", uptime as f64 / 1000.0)];
        (self.readings.publish)(self.host, readings.as_ptr(), readings.len());
    }
}

fn reading<'a>(entity: &'a str, unit: &'a str, value: f64) -> Reading<'a> {
    Reading {
        struct_size: std::mem::size_of::<Reading>() as u32,
        kind: READING_NUMBER,
        flags: 0,
        reserved: 0,
        device: Text::new(DEVICE),
        entity: Text::new(entity),
        unit: Text::new(unit),
        text: Text::new(""),
        value,
        time_ms: 0,
    }
}

// --- The C functions: they find the instance, and turn results into statuses -----------------------------------------

fn greeter<'a>(instance: *mut c_void) -> &'a mut Greeter {
    // The host hands back what create gave it, one call at a time.
    unsafe { &mut *instance.cast::<Greeter>() }
}

fn answer(call: &Call, result: Result<(), Failure>) -> Status {
    result.map_or_else(
        |Failure(status, message)| {
            (call.message)(call, Text::new(message));
            status
        },
        |()| OK,
    )
}

extern "C" fn create(host: &'static Host, call: &Call, instance: &mut *mut c_void) -> Status {
    let greeter = Greeter::new(host).ok_or(Failure(UNSUPPORTED, "the host lacks an extension that this plugin needs"));
    answer(call, greeter.map(|greeter| *instance = Box::into_raw(Box::new(greeter)).cast()))
}

extern "C" fn destroy(instance: *mut c_void) {
    drop(unsafe { Box::from_raw(instance.cast::<Greeter>()) });
}

extern "C" fn start(instance: *mut c_void, call: &Call, _: &Settings) -> Status {
    answer(call, greeter(instance).start())
}

extern "C" fn stop(instance: *mut c_void, _: &Call) -> Status {
    greeter(instance).stop();
    OK
}

extern "C" fn apply_settings(instance: *mut c_void, call: &Call, _: &Settings) -> Status {
    answer(call, greeter(instance).apply_settings())
}

extern "C" fn command(instance: *mut c_void, call: &Call, command: &Command) -> Status {
    let result = greeter(instance).command(command.name.as_str());
    answer(call, result.map(|json| (call.result)(call, Text::new(&json))))
}

extern "C" fn fire(instance: *mut c_void) {
    greeter(instance).publish();
}

static PLUGIN: Plugin = Plugin {
    struct_size: std::mem::size_of::<Plugin>() as u32,
    abi_major: 1,
    abi_minor: 0,
    min_host_minor: 0,
    id: Text::new("template-rust"),
    version: Text::new(env!("CARGO_PKG_VERSION")),
    create,
    destroy,
    start,
    stop,
    apply_settings: Some(apply_settings),
    command: Some(command),
    health: None,
    extension: None,
};

#[no_mangle]
pub extern "C" fn hearth_plugin_entry() -> &'static Plugin {
    &PLUGIN
}
