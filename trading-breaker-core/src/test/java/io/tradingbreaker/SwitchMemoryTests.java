package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.SwitchPositions.Position;
import io.tradingbreaker.SwitchStore.Change;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in force for one breaker, against what is in force for all. */
class SwitchMemoryTests {

    private static final List<String> NAMES = List.of("venue", "node", "node:fra1", "node:ams1");
    private static final List<BreakerState> STATES =
            List.of(BreakerState.HALTED, BreakerState.OPEN, BreakerState.CLOSED);

    private final SwitchMemory memory = new SwitchMemory();
    private Random random = new Random();

    private Change change() {
        String breaker = random.nextInt(4) == 0 ? null : NAMES.get(random.nextInt(NAMES.size()));
        BreakerState state = STATES.get(random.nextInt(STATES.size()));
        Rule rule = state == BreakerState.HALTED ? Rule.HALT : Rule.TRIP;
        return new Change(rule, breaker, new Position(state, "reason " + random.nextInt(3), null, Instant.EPOCH));
    }

    private void something() {
        switch (random.nextInt(8)) {
            case 0 -> {
                SwitchPositions base = memory.seen();
                List<SwitchMemory.Word> words = memory.words();
                memory.written(base.after(SwitchMemory.changes(base, words)).at(memory.nextVersion()), words);
            }
            case 1 -> memory.read(memory.seen().after(List.of(change())).at(random.nextInt(5)));
            case 2 -> memory.sayAgain(change());
            case 3 -> memory.endUnread(change());
            default -> memory.say(change());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void oneBreaker_isWhatAllTogetherSayOfIt(long seed) {
        random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            something();
            SwitchPositions all = memory.truth();
            assertThat(NAMES)
                    .allSatisfy(name -> assertThat(memory.truthOf(name)).isEqualTo(all.of(name)));
            for (int most = 0; most <= 3; most++) {
                assertThat(memory.hasKeyed(most)).isEqualTo(all.keyed() >= most);
            }
        }
    }
}
