#version 330
// Colour and light of what is seen. PEOPLE: skin, cloth and hair, cut along their edges; else rooms
// and things. `lit` and `open_sky` come from shade.glsl.
const int SKIN = 0, CLOTH = 1, HAIR = 2, EYE = 3, SHOE = 4, METAL = 6, TEXTURED = 10;

in vec3 position, normal, colour, grain, lamp;
in vec2 shade;                     // of people: how much of the lamp and of the ceiling is seen
in vec4 edge;
in vec2 mark;
flat in int material;
out vec4 result;

uniform sampler2DArray pictures;   // layer 0: clouds, fine grain, strands
uniform vec3 eye, to_light, key, sky, ground, hair_colour;

// The normal of a surface raised by `height` metres.
vec3 raised(vec3 n, float height) {
    vec3 across = dFdx(position), down = dFdy(position);
    vec3 r1 = cross(down, n), r2 = cross(n, across);
    float area = dot(across, r1);
    vec3 slope = sign(area) * (dFdx(height) * r1 + dFdy(height) * r2);
    float steep = length(slope) / max(abs(area), 1e-9);
    return normalize(n - slope / max(abs(area), 1e-9) * min(1.0, 0.5 / max(steep, 1e-6)));
}

struct Surface { vec3 albedo, normal; float gloss, sharpness, wrap; };

#ifdef PEOPLE
Surface surface(vec3 n, float inside) {
    Surface s = Surface(colour, n, 0.05, 16.0, 0.0);
    float scale = material == SKIN ? 1.6 : material == HAIR ? 3.0 : 2.2;
    vec3 one = texture(pictures, vec3(grain.xz * scale, 0.0)).rgb;
    vec3 two = texture(pictures, vec3(grain.yz * scale + 0.37, 0.0)).rgb;
    vec3 noise = (one + two) * 0.5 - 0.5;
    if (material == CLOTH || material == HAIR)
        s.normal = raised(n, material == CLOTH ? 0.012 * noise.r : 0.004 * noise.b);
    if (material == SKIN) {
        s.albedo *= 1.0 + 0.35 * noise.r;
        s.albedo *= mix(vec3(1.0), vec3(1.12, 0.90, 0.86), clamp(0.5 + 1.4 * noise.r, 0.0, 1.0));
        s.albedo *= mix(vec3(1.0), vec3(0.95, 0.55, 0.55), clamp(mark.x, 0.0, 1.0) * 0.8);
        s.albedo = mix(s.albedo, hair_colour, smoothstep(-0.0006, 0.0018, mark.y) * 0.8);
        s.gloss = 0.055; s.wrap = 0.22;
    } else if (material == CLOTH) {
        float seam = 1.0 - smoothstep(0.0014, 0.0028, abs(inside - 0.018));
        s.albedo *= (1.0 + 0.22 * noise.g + 0.25 * noise.r) * (1.0 - 0.25 * seam);
        s.gloss = 0.012; s.sharpness = 6.0; s.wrap = 0.08;
    } else if (material == HAIR) {
        s.albedo *= max(1.0 + 1.8 * noise.b + 0.5 * noise.r, 0.2);
        s.sharpness = 10.0; s.wrap = 0.1;
    } else if (material == EYE) {
        float ahead = normalize(grain).x;
        s.albedo = mix(s.albedo, vec3(0.10, 0.055, 0.03), smoothstep(0.84, 0.87, ahead));
        s.albedo = mix(s.albedo, vec3(0.01), smoothstep(0.95, 0.965, ahead));
        s.gloss = 0.25; s.sharpness = 60.0;
    } else {
        s.albedo = mix(s.albedo, vec3(0.66), 1.0 - smoothstep(0.017, 0.020, grain.z));  // the sole
    }
    return s;
}
#else
Surface surface(vec3 n, float inside) {
    bool painted = material >= TEXTURED;
    vec3 root = texture(pictures, vec3(grain.xy, float(max(material - TEXTURED, 0)))).rgb;
    vec3 albedo = painted ? colour * root * root : colour;
    bool metal = material == METAL;
    return Surface(albedo, n, metal ? 0.5 : 0.06, metal ? 40.0 : 20.0, 0.0);
}
#endif

void main() {
    float inside = min(min(edge.x, edge.y), min(edge.z, edge.w));
    float coverage = 1.0;
#ifdef PEOPLE
    coverage = clamp(inside / max(fwidth(inside), 1e-6) + 0.5, 0.0, 1.0);
    if (coverage <= 0.0) discard;
#endif
    vec3 to_eye = normalize(eye - position), n = normalize(normal);
    bool lining = !gl_FrontFacing;
    if (lining) n = -n;
    Surface s = surface(n, inside);
    if (lining) s.albedo *= 0.35;
    n = s.normal;

    float facing = clamp((dot(n, to_light) + s.wrap) / (1.0 + s.wrap), 0.0, 1.0);
#ifdef PEOPLE
    float open = shade.y, sun = facing * shade.x;
#else
    float open = open_sky(position, n.z > 0.5), sun = facing * lit(lamp, facing <= 0.0);
#endif
    bool thing = material < TEXTURED;
    float near_floor = thing ? 0.55 + 0.45 * clamp(position.z / 0.35, 0.0, 1.0) : 1.0;
    vec3 ambient = mix(ground * near_floor, sky * open, n.z * 0.5 + 0.5) * mix(0.75, 1.0, open);
    vec2 towards = normalize(eye.xy - position.xy);
    ambient += 0.16 * sky * max(dot(n.xy, towards), 0.0) * open;           // the wall behind us
    if (!thing && n.z < 0.5) ambient *= 1.0 - 0.28 * exp(-position.z / 0.22);  // the room's corners
    vec3 halfway = normalize(to_light + to_eye);
    float shine = s.gloss * pow(max(dot(n, halfway), 0.0), s.sharpness) * s.sharpness * 0.25;
    float rim = pow(1.0 - clamp(dot(n, to_eye), 0.0, 1.0), 4.0);
    vec3 light = s.albedo * (ambient + key * sun) + shine * key * sun;
    light += (material == METAL ? 0.35 : 0.05) * rim * sky * open;
    if (material == SKIN)                                                  // light bleeds red
        light += s.albedo * key * vec3(0.10, 0.02, 0.01) * (1.0 - abs(dot(n, to_light))) * sun;
    light = light * (0.92 + 0.14 * light) / (1.0 + 0.30 * light);
    result = vec4(pow(light, vec3(1.0 / 2.2)), coverage);
}
