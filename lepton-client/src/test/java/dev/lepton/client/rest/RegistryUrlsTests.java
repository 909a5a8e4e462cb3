package dev.lepton.client.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RegistryUrlsTests {

    private static final RegistryUrls THREE =
            new RegistryUrls(
                    List.of(
                            URI.create("http://a:8761/"),
                            URI.create("http://b:8761"),
                            URI.create("http://c:8761")));

    @Test
    void drawnOrderHasTheSameUrlsAndFollowsFromTheSeed() {
        RegistryUrls drawn = THREE.drawn(new SplittableRandom(3));

        assertThat(drawn.urls()).containsExactlyInAnyOrderElementsOf(THREE.urls());
        assertThat(THREE.drawn(new SplittableRandom(3))).isEqualTo(drawn);
    }

    @Test
    void eachOrderIsDrawnAboutAsOften() {
        SplittableRandom random = new SplittableRandom(7);
        Map<List<URI>, Integer> drawn = new HashMap<>();

        for (int i = 0; i < 6_000; i++) {
            drawn.merge(THREE.drawn(random).urls(), 1, Integer::sum);
        }

        assertThat(drawn).hasSize(6);
        assertThat(drawn.values()).allSatisfy(times -> assertThat(times).isBetween(850, 1_150));
    }
}
