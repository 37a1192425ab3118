// How much of the lamp and of the ceiling a point sees. Many reads of small pictures: rooms do it for
// every pixel, people for every point of their mesh, of which there are fewer.
//
// Mesa's software driver runs both sides of an `if`, but leaves a loop that nobody is in: so the
// reads stand in loops whose number of turns may be none.
uniform sampler2DShadow shadow;    // from the lamp
uniform sampler2D above, below;    // heights of what is seen from above and from the floor, metres
uniform vec4 field;                // where those two lie on the floor: corner x, y, size x, y
uniform vec2 shadow_blur;          // radius and bias, in the lamp's picture

const int TAPS = 9;
const vec2 DISC[9] = vec2[](
    vec2(0.0, 0.0), vec2(0.31, 0.12), vec2(-0.24, 0.40), vec2(-0.45, -0.33), vec2(0.20, -0.62),
    vec2(0.76, -0.22), vec2(0.55, 0.72), vec2(-0.52, 0.80), vec2(-0.93, 0.10));

bool outside(vec2 at) {
    return any(lessThan(at, vec2(0.0))) || any(greaterThan(at, vec2(1.0)));
}

float lit(vec3 lamp, bool away) {
    int taps = away || outside(lamp.xy) ? 0 : TAPS;
    float sum = 0.0;
    for (int k = 0; k < taps; k++)
        sum += textureLod(shadow, vec3(lamp.xy + DISC[k] * shadow_blur.x, lamp.z - shadow_blur.y), 0.0);
    return taps > 0 ? sum / float(TAPS) : 1.0;
}

// How much of the ceiling a point sees: less under a body, least close under it.
float open_sky(vec3 position, bool faces_up) {
    vec2 at = (position.xy - field.xy) / field.zw;
    bool away = outside(at);
    bool on_floor = position.z < 0.03 && faces_up;
    int floor_taps = away || !on_floor ? 0 : TAPS, body_taps = away || on_floor ? 0 : TAPS;
    float hidden = 0.0;
    for (int k = 0; k < floor_taps; k++) {
        float wide = k % 2 == 0 ? 0.15 : 0.07;
        float gap = textureLod(below, at + DISC[k] * wide / field.zw, 0.0).r - position.z;
        hidden += 0.85 * exp(-max(gap, 0.0) * (k % 2 == 0 ? 4.0 : 9.0));
    }
    for (int k = 0; k < body_taps; k++) {
        float over = textureLod(above, at + DISC[k] * 0.13 / field.zw, 0.0).r - position.z - 0.03;
        hidden += over > 0.0 ? 0.75 / (1.0 + 2.0 * over) : 0.0;
    }
    return 1.0 - hidden / float(TAPS);
}

