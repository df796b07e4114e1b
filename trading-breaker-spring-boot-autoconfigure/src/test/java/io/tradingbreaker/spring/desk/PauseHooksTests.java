package io.tradingbreaker.spring.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.ResumePolicy;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.Transition;
import io.tradingbreaker.spring.desk.HookRun.Result;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PauseHooksTests {

    private final Map<String, PauseHook> beans = new LinkedHashMap<>();
    private final ManualScheduler time = new ManualScheduler();
    private final PauseHooks hooks =
            new PauseHooks(() -> beans, name -> breaker(name).mode(), BreakerClock.system());
    private final BreakerRegistry registry = BreakerRegistry.builder()
            .clock(time.clock())
            .scheduler(time)
            .listeners(List.of(hooks))
            .build();
    private final CountDownLatch release = new CountDownLatch(1);
    private final Recorder recorder = new Recorder();

    @BeforeAll
    static void patience() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    @AfterEach
    void close() {
        release.countDown();
        hooks.close();
    }

    @Test
    void everyWayIntoAPause_calledOnce() {
        beans.put("recorder", recorder);
        TradingBreaker node = breaker("node");
        node.trip("first", null);
        time.advance(Duration.ofSeconds(31)); // HALF_OPEN
        node.trip("second", null);
        node.halt("third", "alice");
        node.resume("trading goes on later", "alice");
        node.reset("now", "alice");
        node.halt("fourth", null);
        time.runDue();

        await().untilAsserted(() -> assertThat(recorder.calls)
                .containsExactly(
                        "pause node CLOSED-OPEN",
                        "pause node HALF_OPEN-OPEN",
                        "pause node OPEN-HALTED",
                        "resume node OPEN-CLOSED",
                        "pause node CLOSED-HALTED"));
    }

    @Test
    void drill_reportsWhatTheHooksDid() {
        beans.put("recorder", recorder);
        beans.put("broken", transition -> {
            throw new IllegalStateException("no venue");
        });
        TradingBreaker node = breaker("node");
        node.drill(Duration.ofSeconds(1), "monthly", "alice");
        time.runDue();
        await().until(() -> hooks.last("node").stream()
                        .filter(run -> run.result() != Result.RUNNING)
                        .count()
                == 2);
        time.advance(Duration.ofSeconds(2));

        assertThat(node.snapshot().drill()).isNotNull();
        assertThat(node.snapshot().drill().checks())
                .filteredOn(check -> check.name().equals("hooks"))
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.passed()).isFalse();
                    assertThat(check.detail()).isEqualTo("recorder ok, broken failed");
                });
        assertThat(node.snapshot().drill().passed()).isFalse();
    }

    @Test
    void resumeOfAPauseThatWaits_isNoOtherPause() {
        beans.put("recorder", recorder);
        try (BreakerRegistry manual = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .listeners(List.of(hooks))
                .undeclared(BreakerConfig.DEFAULT.with(
                        config -> config.resume(new ResumePolicy(ResumePolicy.Kind.MANUAL, 3, Duration.ofHours(24)))))
                .build()) {
            TradingBreaker waiting = manual.breaker("waiting");
            waiting.trip("first", null);
            waiting.resume("venue says all is well", "alice");
            waiting.reset("now", "alice");
            time.runDue();
        }

        await().untilAsserted(() ->
                assertThat(recorder.calls).containsExactly("pause waiting CLOSED-OPEN", "resume waiting OPEN-CLOSED"));
    }

    @Test
    void results_newestFirst() {
        beans.put("recorder", recorder);
        halt("node");
        awaitResults("node", Result.OK);
        reset("node");
        awaitResults("node", Result.OK, Result.OK);

        List<HookRun> last = hooks.last("node");
        assertThat(last).extracting(HookRun::event).containsExactly(HookRun.Event.RESUME, HookRun.Event.PAUSE);
        assertThat(last).allSatisfy(run -> {
            assertThat(run.hook()).isEqualTo("recorder");
            assertThat(run.breaker()).isEqualTo("node");
            assertThat(run.detail()).isNull();
            assertThat(run.took()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
        });
        assertThat(hooks.last("unknown")).isEmpty();
    }

    @Test
    void observing_skippedButForAHalt() {
        beans.put("recorder", recorder);
        TradingBreaker node = breaker("node");
        node.mode(BreakerMode.OBSERVE);
        node.trip("only watched", null);
        reset("node");

        awaitResults("node", Result.SKIPPED);
        assertThat(hooks.last("node").get(0).detail()).contains("only observes");
        halt("node");
        awaitResults("node", Result.OK, Result.SKIPPED);
        assertThat(recorder.calls).containsExactly("pause node CLOSED-HALTED");
    }

    @Test
    void hookThatThrows_failedInOneSafeLine_othersRun() {
        beans.put("broken", transition -> {
            throw new IllegalStateException("forged\nline https://u:hunter2@venue/path?key=hunter2 " + "x".repeat(900));
        });
        beans.put("recorder", recorder);
        halt("node");

        await().until(() -> hooks.last("node").stream().noneMatch(run -> run.result() == Result.RUNNING));
        await().until(() -> hooks.last("node").size() == 2);
        HookRun broken = hooks.last("node").stream()
                .filter(run -> run.hook().equals("broken"))
                .findFirst()
                .orElseThrow();
        assertThat(broken.result()).isEqualTo(Result.FAILED);
        assertThat(broken.detail())
                .startsWith("IllegalStateException: forged line https://…venue/…")
                .doesNotContain("hunter2")
                .hasSizeLessThan(210);
        assertThat(recorder.calls).hasSize(1);
    }

    @Test
    void overdue_interruptedAndSaidSo() {
        // Long enough for the resume, which does nothing, on a slow machine.
        beans.put("slow", new Hook(Duration.ofSeconds(2)) {
            @Override
            public void onPause(Transition transition) throws Exception {
                release.await();
            }
        });
        halt("node");
        awaitResults("node", Result.TIMED_OUT);
        reset("node");

        awaitResults("node", Result.OK, Result.TIMED_OUT);
        assertThat(hooks.last("node").get(1).detail()).isEqualTo("not done within PT2S");
    }

    @Test
    void hung_holdsUpNoOtherBreaker_andIsNotOvertaken() {
        Set<String> told = ConcurrentHashMap.newKeySet();
        beans.put("stubborn", new Hook(Duration.ofMillis(50)) {
            @Override
            public void onPause(Transition transition) {
                if (transition.breaker().startsWith("hung")) {
                    awaitIgnoringInterrupts(release);
                }
                told.add(transition.breaker());
            }

            @Override
            public void onResume(Transition transition) {
                told.add("resumed " + transition.breaker());
            }
        });
        beans.put("recorder", recorder);
        List<String> hung = names("hung", 3 * HookCalls.MOST_ACTIVE);
        List<String> well = names("well", 3 * HookCalls.MOST_ACTIVE);
        hung.forEach(this::halt);
        hung.forEach(this::reset);
        well.forEach(this::halt);

        await().until(() -> told.containsAll(well));
        await().until(() -> recorder.calls.size() == 2 * hung.size() + well.size());
        await().until(() -> hung.stream()
                .allMatch(name -> hooks.last(name).stream().anyMatch(run -> run.result() == Result.TIMED_OUT)));
        assertThat(told).hasSameElementsAs(well);

        release.countDown();
        await().until(() -> hung.stream().allMatch(name -> told.contains("resumed " + name)));
    }

    @Test
    void resume_waitsForThePauseBefore() {
        beans.put("slow", new Hook(Duration.ofSeconds(60)) {
            @Override
            public void onPause(Transition transition) throws Exception {
                release.await();
                recorder.onPause(transition);
            }

            @Override
            public void onResume(Transition transition) {
                recorder.onResume(transition);
            }
        });
        CountDownLatch otherTold = new CountDownLatch(2);
        beans.put("other", new Hook(Duration.ofSeconds(60)) {
            @Override
            public void onPause(Transition transition) {
                otherTold.countDown();
            }

            @Override
            public void onResume(Transition transition) {
                otherTold.countDown();
            }
        });
        halt("node");
        reset("node");
        await().until(() -> otherTold.getCount() == 0);
        assertThat(recorder.calls).isEmpty();
        assertThat(hooks.last("node").stream()
                        .filter(run -> run.hook().equals("slow"))
                        .toList())
                .singleElement()
                .returns(Result.RUNNING, HookRun::result);

        release.countDown();
        await().untilAsserted(() ->
                assertThat(recorder.calls).containsExactly("pause node CLOSED-HALTED", "resume node HALTED-CLOSED"));
    }

    @Test
    void tooManyBehindAHungOne_eldestSkipped() {
        beans.put("slow", new Hook(Duration.ofSeconds(60)) {
            @Override
            public void onPause(Transition transition) throws Exception {
                release.await();
            }
        });
        halt("node");
        await().until(() -> hooks.last("node").size() == 1);
        reset("node");
        for (int i = 0; i < HookCalls.MOST_WAITING; i++) {
            trip("node");
            reset("node");
        }

        long skipped = hooks.last("node").stream()
                .filter(run -> run.result() == Result.SKIPPED)
                .count();
        assertThat(skipped).isPositive();
        assertThat(hooks.last("node").get(0).detail()).isEqualTo("an earlier call hangs");
    }

    @Test
    void latest_areBounded() {
        beans.put("recorder", recorder);
        for (int i = 0; i < HookRuns.KEPT; i++) {
            halt("node");
            reset("node");
            int done = 2 * i + 2;
            await().until(() -> recorder.calls.size() == done);
        }

        await().until(() -> hooks.last("node").stream().allMatch(run -> run.result() == Result.OK));
        assertThat(hooks.last("node")).hasSize(HookRuns.KEPT);
    }

    @Test
    void breakerOfAnotherHook_notCalled() {
        beans.put("of-node", new Hook(Duration.ofSeconds(10)) {
            @Override
            public boolean supports(String breaker) {
                if (breaker.equals("broken")) {
                    throw new IllegalStateException("cannot say");
                }
                return breaker.equals("node");
            }
        });
        halt("other");
        halt("broken");
        halt("node");

        awaitResults("node", Result.OK);
        awaitResults("broken", Result.FAILED);
        assertThat(hooks.last("other")).isEmpty();
    }

    @Test
    void closing_givesUpWhatIsLeftAndSaysSo() {
        List<HookRun> ended = new CopyOnWriteArrayList<>();
        hooks.onEnd(ended::add);
        beans.put("stubborn", new Hook(Duration.ofSeconds(60)) {
            @Override
            public void onPause(Transition transition) {
                awaitIgnoringInterrupts(release);
            }
        });
        halt("node");
        await().until(() -> hooks.last("node").size() == 1);
        reset("node");

        hooks.close();
        halt("late");

        assertThat(ended)
                .extracting(run -> run.breaker() + " " + run.event() + " " + run.result() + " " + run.detail())
                .containsExactly(
                        "node RESUME SKIPPED the application is closing",
                        "node PAUSE TIMED_OUT the application is closing",
                        "late PAUSE SKIPPED the application is closing");
    }

    @Test
    void timeoutOutOfRange_stopsTheStart() {
        beans.put("hasty", new Hook(Duration.ZERO));

        assertThatThrownBy(hooks::afterSingletonsInstantiated)
                .hasMessage("the timeout of the PauseHook 'hasty' is PT0S; allowed are 1 ms to 1 h");
    }

    private TradingBreaker breaker(String name) {
        return registry.breaker(name);
    }

    private void halt(String name) {
        breaker(name).halt("test", null);
        time.runDue();
    }

    private void trip(String name) {
        breaker(name).trip("test", null);
        time.runDue();
    }

    private void reset(String name) {
        breaker(name).reset("test", null);
        time.runDue();
    }

    private void awaitResults(String breaker, Result... newestFirst) {
        await().untilAsserted(() ->
                assertThat(hooks.last(breaker)).extracting(HookRun::result).containsExactly(newestFirst));
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + "-" + i).toList();
    }

    private static void awaitIgnoringInterrupts(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // As bad hooks do.
            }
        }
    }

    /** Does nothing. */
    private static class Hook implements PauseHook {

        private final Duration timeout;

        Hook(Duration timeout) {
            this.timeout = timeout;
        }

        @Override
        public void onPause(Transition transition) throws Exception {}

        @Override
        public Duration timeout() {
            return timeout;
        }
    }

    private static final class Recorder implements PauseHook {

        private final List<String> calls = new CopyOnWriteArrayList<>();

        @Override
        public void onPause(Transition transition) {
            calls.add("pause " + transition.breaker() + " " + transition.from() + "-" + transition.to());
        }

        @Override
        public void onResume(Transition transition) {
            calls.add("resume " + transition.breaker() + " " + transition.from() + "-" + transition.to());
        }
    }
}
