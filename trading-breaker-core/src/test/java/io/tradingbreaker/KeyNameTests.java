package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What keys from outside become. */
class KeyNameTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fra1",
                "fra-1",
                "fra1.example.com",
                "10.0.0.1",
                "a_b",
                "---",
                "..",
                "0123456789abcdef",
                "x-0123456"
            })
    void keyOfPlainCharacters_isPartOfTheNameAsItIs(String key) {
        assertThat(KeyName.of("node", key)).isEqualTo("node:" + key);
        assertThat(KeyName.isName("node:" + key)).isTrue();
    }

    @Test
    void otherKey_getsAHash() {
        assertThat(KeyName.of("node", "FRA1")).matches("node:fra1-[0-9a-f]{16}");
        assertThat(KeyName.of("node", "https://a.b/c?d=e")).matches("node:https---a\\.b-c-d-e-[0-9a-f]{16}");
        assertThat(KeyName.of("node", "a\r\nWARN forged\u001b[31m")).matches("node:a--warn-forged--31m-[0-9a-f]{16}");
        assertThat(KeyName.of("node", "\u202eevil")).matches("node:-evil-[0-9a-f]{16}");
        assertThat(KeyName.of("node", "node:fra1")).matches("node:node-fra1-[0-9a-f]{16}");
    }

    @Test
    void longKey_isCut_andItsNameAndWhatIsKeptOfItAreBounded() {
        String longest = "a".repeat(40);
        assertThat(KeyName.of("node", longest)).isEqualTo("node:" + longest);
        assertThat(KeyName.of("node", longest + "a")).matches("node:" + longest + "-[0-9a-f]{16}");
        String megabyte = "x".repeat(1 << 20);
        assertThat(KeyName.kept(megabyte)).hasSize(256 + 64).isNotEqualTo(KeyName.kept(megabyte + "x"));
        String kept = "x".repeat(256);
        assertThat(KeyName.kept(kept)).isSameAs(kept);
        assertThat(KeyName.of("t".repeat(63), KeyName.kept(megabyte)).length()).isLessThanOrEqualTo(127);
    }

    @Test
    void keyThatLooksLikeAnothersName_hasOneOfItsOwn() {
        String name = KeyName.of("node", "FRA1");
        String forged = name.substring("node:".length());
        assertThat(KeyName.of("node", forged)).startsWith(name + '-').isNotEqualTo(name);
        String kept = KeyName.kept("y".repeat(1_000));
        assertThat(KeyName.kept(kept))
                .as("a key that is what was kept of another")
                .isNotEqualTo(kept);
    }

    @Test
    void differentKeys_haveDifferentNames() {
        List<String> keys = List.of(
                "fra1",
                "FRA1",
                "Fra1",
                "fra-1",
                "fra_1",
                "fra 1",
                "fra\t1",
                "fra/1",
                "frä1",
                "fra１",
                " fra1",
                "fra1 ",
                "-",
                "--",
                "\u0000",
                "\u0001",
                "\ud800",
                "\ud801",
                "?",
                "\uD83D\uDE00",
                "\uD83D\uDE01",
                "x".repeat(300),
                "x".repeat(301));
        Set<String> names = new HashSet<>();
        keys.forEach(key -> names.add(KeyName.of("node", KeyName.kept(key))));
        assertThat(names).hasSameSizeAs(keys).allMatch(KeyName::isName);
    }

    @Test
    void anyKey_hasANameOfHarmlessCharacters() {
        Random random = new Random(9);
        for (int i = 0; i < 20_000; i++) {
            char[] key = new char[1 + random.nextInt(60)];
            for (int c = 0; c < key.length; c++) {
                key[c] = (char) random.nextInt(random.nextBoolean() ? 128 : 65_536);
            }
            String name = KeyName.of("node", new String(key));
            assertThat(name).matches("node:[a-z0-9._-]{1,57}");
            assertThat(KeyName.isName(name)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"node", "node:", ":fra1", "Node:fra1", "node:fra1:x", "node:FRA1", "node:a\tb", "a b:c", "*"})
    void whatIsNoNameOfAKeysBreaker_isNone(String name) {
        assertThat(KeyName.isName(name)).isFalse();
    }

    @Test
    void nameLongerThanAnyMade_isNone() {
        assertThat(KeyName.isName("node:" + "a".repeat(57))).isTrue();
        assertThat(KeyName.isName("node:" + "a".repeat(58))).isFalse();
        assertThat(KeyName.isName("n".repeat(64) + ":a")).isFalse();
    }

    @Test
    void names_tellWhoseTheyAre() {
        assertThat(KeyedBreakers.isKeyed("node:fra1")).isTrue();
        assertThat(KeyedBreakers.isKeyed("node")).isFalse();
        assertThat(KeyedBreakers.templateOf("node:fra1")).isEqualTo("node");
        assertThat(KeyedBreakers.templateOf("node")).isEqualTo("node");
    }
}
