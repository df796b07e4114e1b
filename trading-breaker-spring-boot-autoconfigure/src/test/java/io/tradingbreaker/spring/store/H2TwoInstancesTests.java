package io.tradingbreaker.spring.store;

class H2TwoInstancesTests extends AbstractTwoInstancesTests {

    @Override
    String newDatabase() {
        return Pools.inMemory();
    }
}
