#version 330
in vec4 edge;
in float height;
out vec4 seen;

void main() {
    float inside = min(min(edge.x, edge.y), min(edge.z, edge.w));
    float coverage = clamp(inside / max(fwidth(inside), 1e-6) + 0.5, 0.0, 1.0);
    if (coverage <= 0.0) discard;
    seen = vec4(height, 0.0, 0.0, coverage);
}
