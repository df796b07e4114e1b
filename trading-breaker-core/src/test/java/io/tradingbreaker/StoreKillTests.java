package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed again and again while it writes halts and resets. What was acknowledged must be in the file; what
 * was only asked for may be. The profile {@code endurance} does 200 rounds.
 */
class StoreKillTests {

    private static final int ROUNDS = Integer.getInteger("endurance.rounds", 10);

    @TempDir
    private Path folder;

    @Test
    @Timeout(3_600)
    void killedProcess_losesNothingThatWasAcknowledged() throws Exception {
        Path file = folder.resolve("halts");
        Random random = new Random(1);
        Set<String> halted = new TreeSet<>();
        int acknowledged = 0;
        int open = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<String> asked = new ArrayList<>();
            try (HarnessProcess process = HarnessProcess.of("operate", file.toString(), "" + random.nextLong())) {
                assertThat(process.line()).isEqualTo("began " + String.join(",", halted));
                int acks = random.nextInt(120);
                for (int i = 0; i < acks; ) {
                    i += follow(process.line(), halted, asked);
                }
                process.kill();
                for (String line : process.rest()) {
                    acks += follow(line, halted, asked);
                }
                acknowledged += acks;
                open += asked.size();
            }
            Set<String> stored = stored(file);
            assertThat(possible(halted, asked)).as("round %s", round).contains(stored);
            halted = stored;
        }
        System.out.printf(
                "%d kills, %d operations acknowledged, %d cut off in the middle, nothing lost%n",
                ROUNDS, acknowledged, open);
        assertThat(acknowledged).isGreaterThan(ROUNDS);
    }

    /** Returns 1 for an acknowledgement. */
    private static int follow(String line, Set<String> halted, List<String> asked) {
        assertThat(line).matches("(asked|acked) (halt|reset) [a-d*]");
        String operation = line.substring(6);
        if (line.startsWith("asked")) {
            asked.add(operation);
            return 0;
        }
        assertThat(asked.remove(operation)).isTrue();
        apply(operation, halted);
        return 1;
    }

    private static void apply(String operation, Set<String> halted) {
        String scope = operation.substring(operation.indexOf(' ') + 1);
        Set<String> meant = scope.equals("*") ? all() : Set.of(scope);
        if (operation.startsWith("halt")) {
            halted.addAll(meant);
        } else {
            halted.removeAll(meant);
        }
    }

    private static Set<String> all() {
        Set<String> names = new TreeSet<>(StoreHarness.BREAKERS);
        names.add("trading");
        return names;
    }

    /** What may be halted: each operation that was asked for, by each thread one at most, is done or not. */
    private static Set<Set<String>> possible(Set<String> halted, List<String> asked) {
        Set<Set<String>> possible = new HashSet<>();
        for (int done = 0; done < 1 << asked.size(); done++) {
            Set<String> after = new TreeSet<>(halted);
            for (int i = 0; i < asked.size(); i++) {
                if ((done & 1 << i) != 0) {
                    apply(asked.get(i), after);
                }
            }
            possible.add(after);
        }
        return possible;
    }

    private static Set<String> stored(Path file) {
        try (FileSwitchStore store = new FileSwitchStore(file)) {
            SwitchPositions positions = store.read();
            Set<String> names = all();
            names.removeIf(name -> !positions.isHalted(name));
            return names;
        }
    }
}
