package io.tradingbreaker.spring.desk;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.Transition;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;

/**
 * The time from the halt of 1,000 breakers until the hook of each has been called and its event published, while a
 * listener and a hook of one more hang. Run by hand.
 */
@EnableAutoConfiguration
class HaltBench {

    private static final int BREAKERS = 1_000;
    private static final int ROUNDS = 21;

    private final CountDownLatch hangs = new CountDownLatch(1);
    private volatile CountDownLatch hooked = new CountDownLatch(0);
    private volatile CountDownLatch heard = new CountDownLatch(0);

    public static void main(String[] arguments) throws InterruptedException {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(HaltBench.class)
                .web(WebApplicationType.NONE)
                .properties("logging.level.root=OFF", "spring.main.banner-mode=off")
                .run(arguments)) {
            context.getBean(HaltBench.class).run(context.getBean(BreakerRegistry.class));
        }
    }

    private void run(BreakerRegistry registry) throws InterruptedException {
        for (int i = registry.breakers().size(); i < BREAKERS; i++) {
            registry.breaker("node-" + i);
        }
        registry.breaker("hangs");
        double[] halted = new double[ROUNDS];
        double[] hookedMillis = new double[ROUNDS];
        double[] heardMillis = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            hooked = new CountDownLatch(BREAKERS);
            heard = new CountDownLatch(BREAKERS);
            long began = System.nanoTime();
            registry.halt("round " + round, null);
            halted[round] = millisSince(began);
            await(hooked);
            hookedMillis[round] = millisSince(began);
            await(heard);
            heardMillis[round] = millisSince(began);
            hooked = new CountDownLatch(BREAKERS);
            heard = new CountDownLatch(BREAKERS);
            registry.reset("next round", null);
            await(hooked);
            await(heard);
        }
        print("halt() returned", halted);
        print("hooks called", hookedMillis);
        print("events published as well", heardMillis);
        hangs.countDown();
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException(latch.getCount() + " are missing");
        }
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    private static void print(String what, double[] millis) {
        double first = millis[0];
        Arrays.sort(millis);
        System.out.printf(
                "%-25s median %.1f ms [%.1f-%.1f], first round %.1f ms%n",
                what, millis[ROUNDS / 2], millis[0], millis[ROUNDS - 1], first);
    }

    private void hang() {
        try {
            hangs.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Bean
    PauseHook countsDown() {
        return new PauseHook() {
            @Override
            public void onPause(Transition transition) {
                told(transition, hooked);
            }

            @Override
            public void onResume(Transition transition) {
                told(transition, hooked);
            }
        };
    }

    @Bean
    StateChangeListener hangsForOne() {
        return transition -> {
            if (transition.breaker().equals("hangs")) {
                hang();
            }
        };
    }

    @EventListener
    void on(Transition transition) {
        told(transition, heard);
    }

    private void told(Transition transition, CountDownLatch latch) {
        if (!transition.breaker().equals("hangs")) {
            latch.countDown();
        } else if (latch == hooked) {
            hang();
        }
    }
}
