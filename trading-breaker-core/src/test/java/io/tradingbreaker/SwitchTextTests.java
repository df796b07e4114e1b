package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.SwitchPositions.Position;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The switch's document as text. */
class SwitchTextTests {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456789Z");
    private static final SwitchPositions SOME = new SwitchPositions(
            12,
            new Position(BreakerState.HALTED, "fat finger", "alice", NOON),
            new TreeMap<>(Map.of("node", new Position(BreakerState.CLOSED, "checked", null, NOON))));

    @Test
    void document_isReadAsItWasWritten() {
        assertThat(SwitchPositions.parse(SOME.toText())).isEqualTo(SOME);
        assertThat(SOME.toText()).isEqualTo("""
                trading-breaker-switch 1
                crc32c %s
                version 12
                *\tHALTED\t2026-01-01T12:00:00.123456789Z\talice\tfat finger
                node\tCLOSED\t2026-01-01T12:00:00.123456789Z\t\tchecked
                """.formatted(SOME.toText().substring(32, 40)));
        assertThat(SwitchPositions.parse(SwitchPositions.NONE.toText())).isEqualTo(SwitchPositions.NONE);
    }

    @Test
    void anyTexts_areReadAsTheyWereWritten() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(300), 0, 0x3000).forEach(text::appendCodePoint);
            text.append(new char[] {'\t', '\n', '\ud800', '\u2028', '\\'}[random.nextInt(5)])
                    .append("end");
            Position position = new Position(BreakerState.OPEN, text.toString(), text.toString(), NOON);
            SwitchPositions some = new SwitchPositions(round, null, new TreeMap<>(Map.of("a-1", position)));
            assertThat(SwitchPositions.parse(some.toText())).isEqualTo(some);
        }
    }

    @Test
    void everyBitThatTurns_andEveryCut_isFound() {
        String text = SOME.toText();
        for (int i = 0; i < text.length(); i++) {
            String cut = text.substring(0, i);
            assertThatThrownBy(() -> SwitchPositions.parse(cut)).isInstanceOf(SwitchStoreException.class);
            StringBuilder turned = new StringBuilder(text);
            turned.setCharAt(i, (char) (text.charAt(i) ^ 1));
            assertThatThrownBy(() -> SwitchPositions.parse(turned.toString())).isInstanceOf(SwitchStoreException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | it is empty",
                "'  ' | it is empty",
                "spring: | it is no store of halts: it begins with 'spring:'",
                "trading-breaker-switch 2 | was it written by a newer version?",
                "trading-breaker-switch 1 | it is damaged",
            })
    void anythingElse_isRefused_withWhatWasFound(String text, String message) {
        assertThatThrownBy(() -> SwitchPositions.parse(text))
                .isInstanceOf(SwitchStoreException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version -1\n",
                "version 9999999999999999999\n",
                "version 1",
                "version 1\n\n",
                "version 1\nnode\tHALTED\t2026-01-01T12:00:00Z\talice\n",
                "version 1\nnode\tHALF_OPEN\t2026-01-01T12:00:00Z\talice\tx\n",
                "version 1\nnode\tSTOPPED\t2026-01-01T12:00:00Z\talice\tx\n",
                "version 1\nnode\tHALTED\tnoon\talice\tx\n",
                "version 1\n../x\tHALTED\t2026-01-01T12:00:00Z\talice\tx\n",
                "version 1\n*\tHALTED\t2026-01-01T12:00:00Z\ta\tx\n*\tHALTED\t2026-01-01T12:00:00Z\ta\tx\n",
                "version 1\na\tHALTED\t2026-01-01T12:00:00Z\ta\tx\na\tHALTED\t2026-01-01T12:00:00Z\ta\tx\n",
            })
    void lineThatDoesNotBelongThere_isRefused_thoughTheChecksumIsRight(String body) {
        java.util.zip.CRC32C checksum = new java.util.zip.CRC32C();
        checksum.update(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String text = "trading-breaker-switch 1\ncrc32c %08x\n%s".formatted(checksum.getValue(), body);
        assertThatThrownBy(() -> SwitchPositions.parse(text)).hasMessageContaining("does not belong there");
    }

    @Test
    void documentThatIsTooLong_isRefused_writtenOrRead() {
        TreeMap<String, Position> breakers = new TreeMap<>();
        for (int i = 0; i < 12_000; i++) {
            breakers.put("b" + i, new Position(BreakerState.HALTED, "x".repeat(200), "y".repeat(200), NOON));
        }
        assertThatThrownBy(() -> new SwitchPositions(1, null, breakers).toText())
                .isInstanceOf(SwitchStoreException.class)
                .hasMessageContaining("of at most 4194304");
        assertThatThrownBy(() -> SwitchPositions.parse("x".repeat(5_000_000)))
                .hasMessageContaining("of at most 4194304");
    }

    @Test
    void reasonsAndActors_areOneBoundedLine() {
        Position position = new Position(BreakerState.HALTED, "a\tb\n" + "c".repeat(300), " \u0000 ", NOON);
        assertThat(position.reason()).startsWith("a b c").hasSize(200);
        assertThat(position.actor()).isNull();
        assertThat(new Position(BreakerState.CLOSED, " ", null, NOON).reason()).isEqualTo("no reason given");
        assertThatThrownBy(() -> new Position(BreakerState.HALF_OPEN, "x", null, NOON))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
