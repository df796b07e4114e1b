package io.tradingbreaker.sample.solana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Base58Tests {

    @Test
    void knownText_encodesAsPublished() {
        assertThat(Base58.encode("Hello World!".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("2NEpo7TZRRrLZSi2U");
        assertThat(Base58.encode(new byte[] {0, 0, 0x28, 0x7f, (byte) 0xb4, (byte) 0xcd}))
                .isEqualTo("11233QC4");
    }

    @Test
    void anyBytes_comeBack() {
        Random random = new Random(1);
        for (int length = 0; length < 100; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            if (length > 2) {
                bytes[0] = 0;
            }
            assertThat(Base58.decode(Base58.encode(bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void foreignCharacter_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Base58.decode("0OIl"));
        assertThatIllegalArgumentException().isThrownBy(() -> Base58.decode("1".repeat(3000)));
    }
}
