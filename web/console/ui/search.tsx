export const Search = ({ value, onChange, label }: { value: string; onChange: (text: string) => void; label: string }) => (
  <input
    class="search"
    type="search"
    value={value}
    placeholder={label}
    aria-label={label}
    onInput={(event) => onChange(event.currentTarget.value)}
  />
);
