#version 330
// Everything that is seen: people and rooms. `lit` and `open_sky` come from shade.glsl.
uniform mat4 to_clip, to_lamp;
in vec3 in_position, in_normal, in_colour, in_grain;
in float in_material;
in vec4 in_edge;
in vec2 in_mark;
out vec3 position, normal, colour, grain, lamp;
out vec4 edge;
out vec2 mark;
out vec2 shade;
flat out int material;

void main() {
    position = in_position;
    normal = in_normal;
    colour = in_colour;
    grain = in_grain;
    edge = in_edge;
    mark = in_mark;
    material = int(in_material + 0.5);
    vec4 in_lamp = to_lamp * vec4(in_position, 1.0);
    lamp = in_lamp.xyz * 0.5 + 0.5;
#ifdef PEOPLE
    shade = vec2(lit(lamp, false), open_sky(in_position + 0.01 * in_normal, false));
#endif
    gl_Position = to_clip * vec4(in_position, 1.0);
}
