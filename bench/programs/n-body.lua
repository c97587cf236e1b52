-- Fields of tables that hold fractions; square roots by a native function.
local sqrt = math.sqrt
local PI = 3.141592653589793
local SOLAR_MASS = 4 * PI * PI
local DAYS = 365.24

local function body(x, y, z, vx, vy, vz, mass)
  return {
    x = x, y = y, z = z, vx = vx * DAYS, vy = vy * DAYS, vz = vz * DAYS, mass = mass * SOLAR_MASS,
  }
end

local bodies = {
  body(0, 0, 0, 0, 0, 0, 1),
  body(4.841431442464721, -1.1603200440274284, -0.10362204447112311,
    0.001660076642744037, 0.007699011184197404, -0.0000690460016972063, 0.0009547919384243266),
  body(8.34336671824458, 4.124798564124305, -0.4035234171143214,
    -0.002767425107268624, 0.004998528012349172, 0.0000230417297573763, 0.0002858859806661308),
  body(12.894369562139131, -15.111151401698631, -0.22330757889265573,
    0.002964601375647616, 0.0023784717395948095, -0.0000296589568540237, 0.00004366244043351563),
  body(15.379697114850917, -25.919314609987964, 0.17925877295037118,
    0.0026806777249038932, 0.001628241700382423, -0.0000951592254519715, 0.00005151389020466115),
}

local function offset()
  local px, py, pz = 0, 0, 0
  for _, each in ipairs(bodies) do
    px, py, pz = px + each.vx * each.mass, py + each.vy * each.mass, pz + each.vz * each.mass
  end
  local sun = bodies[1]
  sun.vx, sun.vy, sun.vz = -px / SOLAR_MASS, -py / SOLAR_MASS, -pz / SOLAR_MASS
end

local function advance(dt)
  local count = #bodies
  for i = 1, count do
    local one = bodies[i]
    local x, y, z, mass = one.x, one.y, one.z, one.mass
    local vx, vy, vz = one.vx, one.vy, one.vz
    for j = i + 1, count do
      local other = bodies[j]
      local dx, dy, dz = x - other.x, y - other.y, z - other.z
      local squared = dx * dx + dy * dy + dz * dz
      local magnitude = sqrt(squared)
      magnitude = dt / (magnitude * squared)
      local pull = other.mass * magnitude
      vx, vy, vz = vx - dx * pull, vy - dy * pull, vz - dz * pull
      pull = mass * magnitude
      other.vx = other.vx + dx * pull
      other.vy = other.vy + dy * pull
      other.vz = other.vz + dz * pull
    end
    one.vx, one.vy, one.vz = vx, vy, vz
    one.x, one.y, one.z = x + dt * vx, y + dt * vy, z + dt * vz
  end
end

local function energy()
  local sum = 0
  for i, one in ipairs(bodies) do
    sum = sum + 0.5 * one.mass * (one.vx * one.vx + one.vy * one.vy + one.vz * one.vz)
    for j = i + 1, #bodies do
      local other = bodies[j]
      local dx, dy, dz = one.x - other.x, one.y - other.y, one.z - other.z
      sum = sum - one.mass * other.mass / sqrt(dx * dx + dy * dy + dz * dz)
    end
  end
  return sum
end

offset()
for _ = 1, 60000 do advance(0.01) end
print(string.format("%.9f", energy()))
