#version 330
// What the lamp, the ceiling and the floor see of things: only how far they are.
uniform mat4 to_clip;
in vec3 in_position;
in vec4 in_edge;
out vec4 edge;
out float height;

void main() {
    edge = in_edge;
    height = in_position.z;
    gl_Position = to_clip * vec4(in_position, 1.0);
}
