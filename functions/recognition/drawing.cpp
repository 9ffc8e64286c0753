// What `normalize_picture` makes of the picture that comes most: a drawing in one piece, on paper of
// one level, by a pen neither thin nor thick. Anything else is left to it.
//
// It gives the same bits, and the tests hold it to them. Functions have the names of those in
// preprocessing.py, paper.py, closing.py, shade.py, patch.py, clutter.py, coarse.py and selection.py,
// whose words say why; the constants are theirs. Whoever changes one changes the other.
//
// What it saves is the way there: forty calls that each look at what they were given, and memory for
// all that lies between them. A drawing has 256 levels, so what each means is looked up instead.

using Level = unsigned char;
using Size = long;

constexpr int LEVELS = 256;
constexpr Size FIELD_SIDE = 28;
constexpr Size DIGIT_SIDE = 20;
constexpr Size WORKING_SIDE = 400;
constexpr Size LEAST_SIDE = 8;  // smaller pictures have no room for a drawing and its paper
constexpr double FRAME_SHARE = 0.06;
constexpr double FRAME_UNIFORMITY = 0.9;
constexpr int SAME_GREY = 24;
constexpr int MIN_CONTRAST = 20;
constexpr float INK_EDGE = 0.35f;
constexpr double THINNEST_STROKE = 1.5;
constexpr double THICKEST_STROKE = 3.5;
constexpr double COARSE = 0.7;
constexpr double PAPER_NOISE = 0.12;
constexpr double FULL_SHARE = 2e-4;
constexpr Size BLOCKS = 4;
constexpr Size COVERED_BLOCKS = 8;
constexpr double EVEN_SPREAD = 0.12;
constexpr double EVEN_GRAIN = 0.04;
constexpr Size SIDE = 100;  // of the small copy
constexpr double INK_EDGES = 0.18;  // the first of them
constexpr double THIN_LINE = 0.75;

template <typename T>
static T min(T a, T b) {
  return b < a ? b : a;
}

template <typename T>
static T max(T a, T b) {
  return a < b ? b : a;
}

template <typename T>
static T distance(T a, T b) {
  return a < b ? b - a : a - b;
}

static constexpr Size divide_up(Size a, Size b) { return (a + b - 1) / b; }

static double round_down(double x) {
  double whole = double(Size(x));
  return x < whole ? whole - 1 : whole;
}

static double round_up(double x) { return -round_down(-x); }

// Halves to the even one, as Python does.
static double round_off(double x) {
  double below = round_down(x), rest = x - below;
  if (rest == 0.5) return Size(below) % 2 == 0 ? below : below + 1;
  return rest < 0.5 ? below : below + 1;
}

// As Pillow's wheels calculate it, whose compiler fuses the two where the processor can.
static double multiply_add(double a, double b, double c) {
#ifdef __aarch64__
  return __builtin_fma(a, b, c);
#else
  return a * b + c;
#endif
}

struct Image {
  const Level *levels;
  Size height, width;

  const Level *row(Size y) const { return levels + y * width; }
};

struct Box {
  Size left, top, right, bottom;  // the last two exclusive

  Size height() const { return bottom - top; }
  Size width() const { return right - left; }
};

// How often each level is there.
struct Counts {
  Size of[LEVELS] = {};

  Size total() const {
    Size sum = 0;
    for (Size count : of) sum += count;
    return sum;
  }

  // Which level has this place, where all stand in order.
  int at(Size place) const {
    int level = 0;
    for (Size passed = of[0]; passed <= place; passed += of[level]) level++;
    return level;
  }

  double median() const {
    Size length = total(), middle = length / 2;
    return (at(middle) + at(length - 1 - middle)) / 2.0;
  }
};

// Visits the levels that lie so far inside of the edge, in the order in which `ring` has them.
template <typename Visit>
static void walk_ring(const Image &image, Size inset, Visit visit) {
  Size top = inset, bottom = image.height - 1 - inset;
  Size left = inset, right = image.width - 1 - inset;
  for (Size x = left; x <= right; x++) visit(image.row(top)[x]);
  for (Size x = left; x <= right; x++) visit(image.row(bottom)[x]);
  for (Size y = top; y <= bottom; y++) visit(image.row(y)[left]);
  for (Size y = top; y <= bottom; y++) visit(image.row(y)[right]);
}

static Counts count_ring(const Image &image, Size inset) {
  Counts counts;
  walk_ring(image, inset, [&](Level level) { counts.of[level]++; });
  return counts;
}

static Counts count_levels(const Image &image, int paper) {
  constexpr Size EACH = 32;
  const Size length = image.height * image.width;
  // Four tables: to count into one again and again is to wait for the last one's sum.
  unsigned tables[4][LEVELS] = {};
  Size i = 0;
  for (; i + EACH <= length; i += EACH) {
    const Level *levels = image.levels + i;
    Level other = 0;
    for (Size k = 0; k < EACH; k++) other |= Level(levels[k] ^ paper);
    if (other == 0) {  // as most are
      tables[0][paper] += EACH;
    } else {
      for (Size k = 0; k < EACH; k++) tables[k % 4][levels[k]]++;
    }
  }
  for (; i < length; i++) tables[0][image.levels[i]]++;
  Counts counts;
  for (const auto &table : tables)
    for (int level = 0; level < LEVELS; level++) counts.of[level] += table[level];
  return counts;
}

// Whether `peel_frame` might find one.
static bool may_have_frame(const Image &image, const Counts &rim, double level) {
  Size deepest = Size(double(min(image.height, image.width)) * FRAME_SHARE);
  if (distance(level, count_ring(image, deepest).median()) <= SAME_GREY) return false;
  Size near = 0;
  for (int i = 0; i < LEVELS; i++)
    if (distance(double(i), level) <= SAME_GREY) near += rim.of[i];
  return double(near) / double(rim.total()) >= FRAME_UNIFORMITY;
}

static bool is_darker(const Counts &counts, int paper) {
  Size energies[2] = {};
  for (int i = 0; i < LEVELS; i++) energies[i < paper] += counts.of[i] * (i - paper) * (i - paper);
  return energies[true] >= energies[false];
}

static int find_full(const Counts &counts, int paper, bool dark) {
  double enough = max(1.0, FULL_SHARE * double(counts.total()));
  Size darkest = 0;
  for (int contrast = dark ? paper : LEVELS - 1 - paper; contrast > 0; contrast--) {
    darkest += counts.of[dark ? paper - contrast : paper + contrast];
    if (double(darkest) >= enough) return contrast;
  }
  return 0;
}

static bool is_even(const Image &image, int paper, int full, bool dark) {
  Counts steps;
  int last = image.levels[0];
  steps.of[0] = -1;  // the first level is no step
  walk_ring(image, 0, [&](Level level) {
    steps.of[distance(int(level), last)]++;
    last = level;
  });
  if (steps.median() > EVEN_GRAIN * full) return false;
  const Size side = divide_up(max(image.height, image.width), BLOCKS);
  const Level turn = dark ? 0 : LEVELS - 1;  // turned around, the darkest is the lightest
  int extremes[BLOCKS * BLOCKS];
  Size found = 0;
  for (Size top = 0; top < image.height; top += side) {
    Level columns[WORKING_SIDE] = {};
    for (Size y = top; y < min(top + side, image.height); y++) {
      const Level *row = image.row(y);
      for (Size x = 0; x < image.width; x++) columns[x] = max(columns[x], Level(row[x] ^ turn));
    }
    for (Size left = 0; left < image.width; left += side) {
      Level extreme = 0;
      for (Size x = left; x < min(left + side, image.width); x++)
        extreme = max(extreme, columns[x]);
      int level = extreme ^ turn;
      Size place = found++;
      for (; place > 0 && extremes[place - 1] > level; place--)
        extremes[place] = extremes[place - 1];
      extremes[place] = level;
    }
  }
  const Size covered = found / COVERED_BLOCKS;
  const int *first = extremes + (dark ? covered : 0), *end = first + found - covered;
  int farthest = 0;
  for (const int *level = first; level < end; level++)
    farthest = max(farthest, distance(*level, paper));
  return farthest <= EVEN_SPREAD * full;
}

// Levels that follow one another.
struct Range {
  Level low, span;

  bool holds(Level level) const { return Level(level - low) <= span; }
};

// Where there is more contrast than so much.
static Range find_beyond(int contrast, int paper, bool dark) {
  int least = contrast + 1;
  if (dark) return {0, Level(paper - least)};
  return {Level(paper + least), Level(LEVELS - 1 - paper - least)};
}

// Whether `drop_shade` might find a shadow: anything in a corner.
static bool may_have_shade(const Image &image, Range inked, Size corner) {
  for (Size y = 0; y < image.height; y++) {
    if (y == corner) y = max(y, image.height - corner);
    for (Size x = 0; x < image.width; x++) {
      if (x == corner) x = max(x, image.width - corner);
      if (inked.holds(image.row(y)[x])) return true;
    }
  }
  return false;
}

// The bounds of what is in a range. Of nothing they end before they begin.
static Box find_bounds(const Image &image, const Box &within, Range range) {
  const Size width = within.width();
  Box box = {within.right, within.bottom, within.left, within.top};
  Level columns[WORKING_SIDE] = {};
  for (Size y = within.top; y < within.bottom; y++) {
    const Level *row = image.row(y) + within.left;
    Level any = 0;
    for (Size x = 0; x < width; x++) {
      Level held = range.holds(row[x]);
      columns[x] |= held;
      any |= held;
    }
    if (!any) continue;
    box.top = min(box.top, y);
    box.bottom = y + 1;
  }
  for (Size x = 0; x < width; x++) {
    if (!columns[x]) continue;
    box.left = min(box.left, within.left + x);
    box.right = within.left + x + 1;
  }
  return box;
}

static Box find_patch(const Image &image, Range inked, Size factor) {
  Box box = find_bounds(image, {0, 0, image.width, image.height}, inked);
  return {box.left / factor * factor, box.top / factor * factor,
          min(divide_up(box.right, factor) * factor, image.width),
          min(divide_up(box.bottom, factor) * factor, image.height)};
}

// How much ink a pixel of each level holds, 0 to 1. It never falls towards the ink's end.
struct Ink {
  float of[LEVELS];

  Ink(int paper, bool dark, int full, double noise) {
    for (int level = 0; level < LEVELS; level++) {
      float contrast = float(max(0, dark ? paper - level : level - paper));
      float share = (contrast - float(noise)) * float(1 / (full - noise));
      of[level] = min(max(share, 0.0f), 1.0f);
    }
  }

  // The levels that hold so much, or more. Full ink does.
  Range from(float share) const {
    int low = 0, high = LEVELS - 1;
    while (of[low] < share) low++;
    while (of[high] < share) high--;
    return {Level(low), Level(high - low)};
  }
};

// The patch's small copy: what of it is ink. Pillow adds up in float32, four at a time; of no cell is
// the sum so near to the edge, at any contrast, that it would make a difference: 7 millionths of ink.
struct SmallMask {
  Size height, width;
  bool holds[SIDE][SIDE];

  SmallMask(const Image &image, const Ink &ink, const Box &patch, Size factor) {
    const float edge = float(INK_EDGES / max(1.0, THIN_LINE * double(factor)));
    height = divide_up(patch.height(), factor);
    width = divide_up(patch.width(), factor);
    for (Size y = 0; y < height; y++) {
      const Size top = patch.top + y * factor, bottom = min(top + factor, patch.bottom);
      for (Size x = 0; x < width; x++) {
        const Size left = patch.left + x * factor, right = min(left + factor, patch.right);
        double sum = 0;
        for (Size line = top; line < bottom; line++) {
          const Level *row = image.row(line);
          for (Size column = left; column < right; column++) sum += double(ink.of[row[column]]);
        }
        holds[y][x] = float(sum * (1.0 / double((bottom - top) * (right - left)))) >= edge;
      }
    }
  }
};

// Whether it is all connected, diagonals too: by a union-find over its runs, row by row.
static bool is_one_part(const SmallMask &mask) {
  using Part = unsigned short;
  struct Run {
    Size start, end;  // exclusive
    Part part;
  };
  Run rows[2][SIDE / 2];
  Size lengths[2] = {};
  Part parents[SIDE * SIDE / 4];  // runs that touch nothing above: one in four pixels, at most
  Size made = 0, apart = 0;
  auto find = [&](Part part) {
    while (parents[part] != part) part = parents[part] = parents[parents[part]];
    return part;
  };
  for (Size y = 0; y < mask.height; y++) {
    const Run *above = rows[(y + 1) % 2], *end = above + lengths[(y + 1) % 2];
    Run *run = rows[y % 2];
    const bool *row = mask.holds[y];
    for (Size x = 0; x < mask.width; x++) {
      if (!row[x]) continue;
      run->start = x;
      while (x < mask.width && row[x]) x++;
      run->end = x;
      while (above < end && above->end < run->start) above++;
      bool joined = false;
      for (const Run *other = above; other < end && other->start <= run->end; other++) {
        Part part = find(other->part);
        if (!joined) {
          run->part = part;
          joined = true;
        } else if (part != find(run->part)) {
          parents[part] = find(run->part);
          apart--;
        }
      }
      if (!joined) {
        run->part = parents[made] = Part(made);
        made++;
        apart++;
      }
      run++;
    }
    lengths[y % 2] = run - rows[y % 2];
  }
  return apart <= 1;
}

// Whether `_even_width` would leave the strokes as they are.
static bool are_strokes_even(const Image &image, const Ink &ink, const Box &box) {
  const Range inked = ink.from(INK_EDGE);
  const Size width = box.width();
  Level masks[2][WORKING_SIDE];
  Size edges = 0, area = 0;
  for (Size y = box.top; y < box.bottom; y++) {
    const Level *row = image.row(y) + box.left;
    Level *mask = masks[y % 2], *above = masks[(y + 1) % 2];
    for (Size x = 0; x < width; x++) mask[x] = inked.holds(row[x]);
    unsigned held = 0, across = 0, down = 0;
    for (Size x = 0; x < width; x++) held += mask[x];
    for (Size x = 1; x < width; x++) across += mask[x] ^ mask[x - 1];
    if (y > box.top)
      for (Size x = 0; x < width; x++) down += mask[x] ^ above[x];
    area += held;
    edges += across + down;
  }
  double scale = double(DIGIT_SIDE) / double(max(box.height(), width));
  double stroke = double(2 * area) / max(1.0, double(edges) * 3.141592653589793 / 4);
  if (round_off((THINNEST_STROKE / scale - stroke) / 2) > 0) return false;
  return scale >= COARSE || Size((stroke - THICKEST_STROKE / scale) / 2) <= 0;
}

// As NumPy adds up what lies side by side: by halves, and by eights in what is short enough.
template <typename T>
static T add_up(const T *terms, Size length) {
  constexpr Size EACH = 8, SHORT = 128;
  if (length > SHORT) {
    Size half = length / 2 / EACH * EACH;
    return add_up(terms, half) + add_up(terms + half, length - half);
  }
  T sum = 0;
  Size i = 0;
  if (length >= EACH) {
    T sums[EACH] = {};
    for (; i + EACH <= length; i += EACH)
      for (Size k = 0; k < EACH; k++) sums[k] += terms[i + k];
    sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  }
  for (; i < length; i++) sum += terms[i];
  return sum;
}

static double place(const float *profile, Size length, double side, double scale) {
  double moments[WORKING_SIDE];
  for (Size i = 0; i < length; i++) moments[i] = double(profile[i]) * (double(i) + 0.5);
  double center = add_up(moments, length) / double(add_up(profile, length));
  double begin = min(max(center - side / 2, double(length) - side), 0.0);
  return scale >= COARSE ? round_off(begin * scale) / scale : begin;
}

// Lines are resampled so many at a time, side by side: each has sums of its own to wait for.
constexpr Size ABREAST = 8;

// `_resample`, with Pillow's bilinear weights (libImaging/Resample.c).
class Resampling {
 public:
  Resampling(Size size, double begin, double length) {
    const Size before = Size(round_up(-begin));
    const Size padded = before + max(size, Size(round_up(begin + length)));
    const float from = float(begin + double(before)), to = float(begin + double(before) + length);
    const double scale = double(to - from) / FIELD_SIDE, reach = max(scale, 1.0);
    for (Size i = 0; i < FIELD_SIDE; i++) {
      const double center = multiply_add(double(i) + 0.5, scale, double(from));
      const Size low = max(Size(center - reach + 0.5), 0L);
      const Size high = min(Size(center + reach + 0.5), padded);
      double weights[LONGEST], sum = 0;
      for (Size x = low; x < high; x++) {
        double off = distance((double(x) - center + 0.5) * (1.0 / reach), 0.0);
        weights[x - low] = max(1 - off, 0.0);
        sum += weights[x - low];
      }
      // What lies before the picture or behind it is bare.
      firsts_[i] = min(max(low - before, 0L), size);
      lengths_[i] = max(min(high - before, size) - firsts_[i], 0L);
      if (lengths_[i] == 0) continue;
      const double *own = weights + (firsts_[i] + before - low);
      for (Size x = 0; x < lengths_[i]; x++) weights_[i][x] = sum == 0 ? own[x] : own[x] / sum;
    }
  }

  // Calls `put` with each of `FIELD_SIDE` places, and what the lines have there.
  template <typename Put>
  void apply(const float (*lines)[ABREAST], Put put) const {
    for (Size i = 0; i < FIELD_SIDE; i++) {
      double sums[ABREAST] = {};
      const float(*from)[ABREAST] = lines + firsts_[i];
      for (Size x = 0; x < lengths_[i]; x++)
        for (Size k = 0; k < ABREAST; k++)
          sums[k] = multiply_add(double(from[x][k]), weights_[i][x], sums[k]);
      put(i, sums);
    }
  }

 private:
  // Of twice the pixels that become one: no picture has a field longer than its own side by more.
  static constexpr Size LONGEST = 2 * divide_up(WORKING_SIDE, DIGIT_SIDE) + 3;

  Size firsts_[FIELD_SIDE], lengths_[FIELD_SIDE];
  double weights_[FIELD_SIDE][LONGEST];
};

static void fit(const Image &image, const Ink &ink, const Box &box, float *field) {
  const Size height = box.height(), width = box.width();
  const double scale = double(DIGIT_SIDE) / double(max(height, width)), side = FIELD_SIDE / scale;
  float columns[WORKING_SIDE] = {}, rows[WORKING_SIDE];
  for (Size y = 0; y < height; y++) {
    const Level *levels = image.row(box.top + y) + box.left;
    float line[WORKING_SIDE];
    for (Size x = 0; x < width; x++) line[x] = ink.of[levels[x]];
    for (Size x = 0; x < width; x++) columns[x] += line[x];
    rows[y] = add_up(line, width);
  }
  const Resampling across(width, place(columns, width, side, scale), side);
  const Resampling down(height, place(rows, height, side, scale), side);
  float narrow[divide_up(FIELD_SIDE, ABREAST)][WORKING_SIDE][ABREAST] = {};
  for (Size top = 0; top < height; top += ABREAST) {
    const Size count = min(ABREAST, height - top);
    float lines[WORKING_SIDE][ABREAST];
    for (Size k = 0; k < ABREAST; k++) {
      const Level *levels = image.row(box.top + top + min(k, count - 1)) + box.left;
      for (Size x = 0; x < width; x++) lines[x][k] = ink.of[levels[x]];
    }
    across.apply(lines, [&](Size x, const double *sums) {
      for (Size k = 0; k < count; k++) narrow[x / ABREAST][top + k][x % ABREAST] = float(sums[k]);
    });
  }
  for (Size left = 0; left < FIELD_SIDE; left += ABREAST) {
    const Size count = min(ABREAST, FIELD_SIDE - left);
    down.apply(narrow[left / ABREAST], [&](Size y, const double *sums) {
      for (Size k = 0; k < count; k++) field[y * FIELD_SIDE + left + k] = float(sums[k]);
    });
  }
  float peak = 0;
  for (Size i = 0; i < FIELD_SIDE * FIELD_SIDE; i++) peak = max(peak, field[i]);
  for (Size i = 0; i < FIELD_SIDE * FIELD_SIDE; i++) field[i] /= float(max(double(peak), 1e-6));
}

// Fills `field`, FIELD_SIDE rows of as many, and `bounds`: left, top, right and bottom of the ink.
// Returns whether it is such a drawing; if not, what they hold means nothing.
extern "C" __attribute__((visibility("default"))) int normalize_drawing(
    const Level *levels, Size height, Size width, float *field, Size *bounds) {
  if (min(height, width) < LEAST_SIDE || max(height, width) > WORKING_SIDE) return false;
  const Image image = {levels, height, width};
  const Counts rim = count_ring(image, 0);
  const double level = rim.median();
  if (may_have_frame(image, rim, level)) return false;

  const int paper = int(level);
  const Counts counts = count_levels(image, paper);
  const bool dark = is_darker(counts, paper);
  const int full = find_full(counts, paper, dark);
  if (full < MIN_CONTRAST || !is_even(image, paper, full, dark)) return false;

  const Size factor = divide_up(max(height, width), SIDE);
  if (may_have_shade(image, find_beyond(0, paper, dark), factor)) return false;
  const double noise = PAPER_NOISE * full;
  const Box patch = find_patch(image, find_beyond(int(noise), paper, dark), factor);
  if (patch.height() == height || patch.width() == width) return false;  // a line may do so

  const Ink ink(paper, dark, full, noise);
  if (!is_one_part(SmallMask(image, ink, patch, factor))) return false;
  const Box box = find_bounds(image, patch, ink.from(INK_EDGE));
  if (!are_strokes_even(image, ink, box)) return false;
  fit(image, ink, box, field);
  const Size sides[] = {box.left, box.top, box.right, box.bottom};
  __builtin_memcpy(bounds, sides, sizeof sides);
  return true;
}
