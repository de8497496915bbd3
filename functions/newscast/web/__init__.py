"""The network: public addresses only, one conditional GET under limits, and a lease for each host."""
