package dev.lepton.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawQueryTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "f[x]=1&q=%27 f%5Bx%5D=1&q=%27",
                "a=/?:@!$&'()*+,;=~ a=/?:@!$&'()*+,;=~",
                "a={b|c}^`\"<>\\ a=%7Bb%7Cc%7D%5E%60%22%3C%3E%5C",
                "p=100% p=100%25",
                "p=%4 p=%254",
                "p=%zz%41 p=%25zz%41",
                "{%7D %7B%7D",
            })
    void onlyWhatAUriDoesNotTakeIsEncoded(String query, String encoded) {
        assertThat(RawQuery.encoded(query)).isEqualTo(encoded);
    }

    @Test
    void everyVisibleCharacterFitsIntoAUriAfterwards() {
        for (char c = '!'; c < 0x7f; c++) {
            if (c != '#') {
                String encoded = RawQuery.encoded("a" + c);

                assertThat(URI.create("http://h/?" + encoded).getRawQuery()).isEqualTo(encoded);
                assertThat(URI.create("http://h/?" + encoded).getQuery()).isEqualTo("a" + c);
            }
        }
    }
}
