/**
 * The names of what firmware brings along: libraries of Lua, and modules in C, of which each build has
 * those that were chosen for it. Source: what the firmwares' modules register themselves as.
 */
import { words } from "./words.ts";

export interface FirmwareNames {
  /** Modules that a build may have; sorted. Programs find them as globals, and with `require`. */
  readonly modules: readonly string[];
  /** Tables of Lua's own that are there in every build, the globals and `package` included. */
  readonly libraries: readonly string[];
}

const LIBRARIES = words("_G coroutine debug math package ROM string table");

const ON_ESP8266 = words(
  `adc ads1115 adxl345 am2320 apa102 bit bloom bme280 bme680 bmp085 coap color_utils cron crypto dht
  encoder enduser_setup file gdbstub gpio hdc1080 hmc5883l http hx711 i2c l3g4200d mcp4725 mdns mqtt
  net node ow pcm perf pwm rfswitch rotary rtcfifo rtcmem rtctime si7021 sigma_delta sjson sntp somfy
  spi struct switec tcs34725 tls tm1829 tmr tsl2561 u8g2 uart ucg websocket wifi wps ws2801 ws2812
  ws2812_effects xpt2046`,
);
const ONLY_22 = words("ds18b20 rc sqlite3");
const ONLY_30 = words("bme280_math dcc gpiopulse pipe pixbuf pwm2 softuart wiegand");
const ON_ESP32 = words(
  `adc bit bthci can crypto dac dht encoder eromfs espnow eth file gpio heaptrace http httpd i2c i2s
  ledc mqtt net node otaupgrade ow pipe pulsecnt qrcodegen rmt rotary rtcmem sdmmc sigma_delta sjson
  sodium spi struct time tmr touch u8g2 uart ucg wifi ws2812`,
);

export const FIRMWARE_22 = names(ON_ESP8266, ONLY_22);
export const FIRMWARE_30 = names(ON_ESP8266, ONLY_30);
export const FIRMWARE_ESP32 = names(ON_ESP32);

function names(...modules: readonly (readonly string[])[]): FirmwareNames {
  return { modules: modules.flat().sort(), libraries: LIBRARIES };
}

/** The same for Lua 5.3. */
export function withLibraries53(firmware: FirmwareNames): FirmwareNames {
  return { ...firmware, libraries: [...firmware.libraries, "utf8"] };
}

const ELSEWHERE = new Set([
  ...[FIRMWARE_22, FIRMWARE_30, FIRMWARE_ESP32].flatMap(({ modules }) => modules),
  // On computers.
  ...words("io os utf8"),
]);

/** Whether builds of a firmware may have a module of that name; a simulated board need not have it. */
export function isFirmwareModule(name: string, { modules }: FirmwareNames): boolean {
  return modules.includes(name);
}

/** Whether some other firmware, or Lua elsewhere, has a table of that name, and this one has none. */
export function isElsewhereOnly(name: string, { modules, libraries }: FirmwareNames): boolean {
  return ELSEWHERE.has(name) && !modules.includes(name) && !libraries.includes(name);
}
