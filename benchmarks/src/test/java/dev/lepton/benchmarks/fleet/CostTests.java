package dev.lepton.benchmarks.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lepton.benchmarks.process.Usage;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class CostTests {

    private static Cost cost(int units, long registryMicros, Tally tally) {
        return new Cost(
                units,
                Duration.ofSeconds(20),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                tally,
                new Usage(registryMicros, 0, 0),
                new Usage(500_000, 0, 0),
                50_000_000,
                400_000_000,
                new double[] {130, 290},
                new Stored(10_000_000, 1_000, 900, 40, 0),
                new Stored(10_100_000, 2_000, 1_880, 40, 2));
    }

    @Test
    void costIsThatOfTheMeasurementAlone() {
        Tally tally = new Tally();
        tally.answered(10_000, 10_000, true, 12);

        assertThat(cost(1_000, 1_000_000, tally).row())
                .contains(
                        "| 1,000 | 20 s, 50/s | 1,000/s, every 1s | 100.00 µs | 10.0 % | 50.00 µs | 5.0 % |")
                .contains("| 98.00 % | 10.0 MB, 10.1 MB | 0, 2 | none |");
    }

    @Test
    void beatsThatAreDueAndDoNotComeAreMissed() {
        Tally tally = new Tally();
        tally.answered(9_000, 9_000, true, 12);

        assertThat(cost(1_000, 1_000_000, tally).shareOfBeats()).isEqualTo(0.9);
    }

    @Test
    void whatWentWrongIsTold() {
        Tally tally = new Tally();
        tally.answered(998, 1_000, false, 12);
        tally.failed();

        assertThat(cost(1_000, 1_000_000, tally).row())
                .contains("998 beats, 2 refused, 1 calls failed, 1 answered as not stored");
    }

    @Test
    void tenTimesTheCostIsOnePowerOfTenHigher()
            throws ParserConfigurationException, IOException, SAXException {
        String svg =
                Plot.of(
                        List.of(
                                cost(1_000, 1_000_000, new Tally()),
                                cost(10_000, 10_000_000, new Tally())));

        var circles =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(svg)))
                        .getElementsByTagName("circle");
        double ten = Double.parseDouble(((Element) circles.item(0)).getAttribute("cy"));
        double hundred = Double.parseDouble(((Element) circles.item(1)).getAttribute("cy"));
        // The axis shows four powers of ten on 300 points.
        assertThat(ten - hundred).isCloseTo(75, within(0.1));
    }
}
