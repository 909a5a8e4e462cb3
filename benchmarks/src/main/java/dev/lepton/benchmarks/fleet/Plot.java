package dev.lepton.benchmarks.fleet;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Draws the share of a core over the size of the fleet, both as logarithms, as SVG. */
final class Plot {

    private static final int LEFT = 70;
    private static final int RIGHT = 620;
    private static final int TOP = 30;
    private static final int BOTTOM = 330;

    /** Powers of ten: units from 1,000 to a million, shares from 0.1 % to 1000 % of a core. */
    private static final int LEAST_UNITS = 3;

    private static final int MOST_UNITS = 6;
    private static final int LEAST_SHARE = -1;
    private static final int MOST_SHARE = 3;

    private Plot() {}

    static String of(List<Cost> costs) {
        StringBuilder svg =
                new StringBuilder(
                        """
                        <svg xmlns="http://www.w3.org/2000/svg" width="760" height="390" font-family="sans-serif" font-size="13">
                        <rect width="760" height="390" fill="white"/>
                        """);
        for (int power = LEAST_UNITS; power <= MOST_UNITS; power++) {
            double x = x(Math.pow(10, power));
            line(svg, x, TOP, x, BOTTOM, "#ddd");
            text(svg, x, BOTTOM + 20, "middle", "%,.0f".formatted(Math.pow(10, power)));
        }
        for (int power = LEAST_SHARE; power <= MOST_SHARE; power++) {
            double y = y(Math.pow(10, power));
            line(svg, LEFT, y, RIGHT, y, "#ddd");
            text(
                    svg,
                    LEFT - 8,
                    y + 4,
                    "end",
                    String.format(
                            Locale.ROOT, power < 0 ? "%.1f %%" : "%.0f %%", Math.pow(10, power)));
        }
        text(svg, (LEFT + RIGHT) / 2.0, BOTTOM + 45, "middle", "units that beat");
        text(svg, LEFT, TOP - 12, "start", "processor time, of one core");
        series(svg, costs, "registry", "#1f5fa8", Cost::registryShare);
        series(svg, costs, "PostgreSQL", "#b5541c", Cost::databaseShare);
        return svg.append("</svg>\n").toString();
    }

    private static void series(
            StringBuilder svg,
            List<Cost> costs,
            String title,
            String color,
            ToDoubleFunction<Cost> share) {
        StringBuilder points = new StringBuilder();
        for (Cost cost : costs) {
            double x = x(cost.units());
            double y = y(100 * share.applyAsDouble(cost));
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>\n",
                            x,
                            y,
                            color));
        }
        svg.append(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n"
                        .formatted(points.toString().strip(), color));
        Cost last = costs.getLast();
        text(svg, x(last.units()) + 10, y(100 * share.applyAsDouble(last)) + 4, "start", title);
    }

    private static double x(double units) {
        return along(Math.log10(units), LEAST_UNITS, MOST_UNITS, LEFT, RIGHT);
    }

    /** What is less than the axis shows lies on it. */
    private static double y(double percent) {
        double power = percent <= 0 ? LEAST_SHARE : Math.max(LEAST_SHARE, Math.log10(percent));
        return along(power, LEAST_SHARE, MOST_SHARE, BOTTOM, TOP);
    }

    private static double along(double value, int least, int most, int from, int to) {
        return from + (value - least) / (most - least) * (to - from);
    }

    private static void line(
            StringBuilder svg, double x1, double y1, double x2, double y2, String color) {
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>\n",
                        x1,
                        y1,
                        x2,
                        y2,
                        color));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String words) {
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
                        x,
                        y,
                        anchor,
                        words));
    }
}
